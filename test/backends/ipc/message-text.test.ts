import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeFrame } from '../../../src/backends/ipc/frame-decoder.ts';
import { messageText, shownText } from '../../../src/backends/ipc/message-text.ts';
import { frameOf } from './frame-of.ts';

const base64 = fc.base64String({ maxLength: 40 });
const message = fc.record({
  text: fc.string({ unit: 'grapheme' }),
  images: fc.array(fc.record({ data: base64, uri: fc.string() })),
});

test('a message with images is on the wire what JSON.stringify makes of it', () => {
  fc.assert(
    fc.property(message, ({ text, images }) => {
      const whole = { method: 'session/prompt', params: { text, prompt: images, contextParams: images } };
      const frame = encodeFrame(
        messageText(
          whole,
          images.map(({ data }) => data),
        ),
      );
      assert.deepEqual(frame, frameOf(JSON.stringify(whole)));
    }),
  );
});

test('a record shows how long an image was, in its place', () => {
  const text = messageText({ text: '"你好"', first: 'AAAA', second: 'BBBBBBBB', again: 'AAAA' }, [
    'AAAA',
    'BBBBBBBB',
  ]);
  assert.equal(
    shownText(text),
    JSON.stringify({
      text: '"你好"',
      first: '[redacted image, 4 base64 characters]',
      second: '[redacted image, 8 base64 characters]',
      again: '[redacted image, 4 base64 characters]',
    }),
  );
});
