import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameDecoder } from '../../../src/backends/ipc/frame-decoder.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import { frameOf } from './frame-of.ts';

const bodies = ['{"text":"plain"}', '{"text":"你好 🌍 \\r\\n\\r\\n Content-Length: 3"}', '{}'];
const stream = Buffer.concat(bodies.map(frameOf));

function decode(chunks: readonly Buffer[], maxFrameBytes = 1000): string[] {
  const frames: string[] = [];
  const decoder = new FrameDecoder(maxFrameBytes, (body) => frames.push(body));
  for (const chunk of chunks) decoder.push(chunk);
  return frames;
}

describe('a frame decoder', () => {
  it('writes the length in bytes of UTF-8', () => {
    assert.equal(frameOf('"你好"').toString(), 'Content-Length: 8\r\n\r\n"你好"');
  });

  it('finds several frames in one chunk', () => {
    assert.deepEqual(decode([stream]), bodies);
  });

  it('finds the same frames wherever the stream is torn in two', () => {
    for (let at = 0; at <= stream.length; at++) {
      assert.deepEqual(decode([stream.subarray(0, at), stream.subarray(at)]), bodies, `torn at ${at}`);
    }
  });

  it('finds the same frames when every byte comes alone', () => {
    assert.deepEqual(decode([...stream].map((byte) => Buffer.from([byte]))), bodies);
  });

  it('reads the header whatever its letter case and whatever stands beside it', () => {
    const frame = 'Content-Type: application/json\r\ncontent-length:2\r\n\r\n{}';
    assert.deepEqual(decode([Buffer.from(frame)]), ['{}']);
  });

  it('accepts a frame of exactly the allowed size', () => {
    assert.deepEqual(decode([frameOf('12345')], 5), ['12345']);
  });

  const refused: [string, string][] = [
    ['announces more than is allowed', 'Content-Length: 1001\r\n\r\n'],
    ['has no Content-Length', 'Content-Type: x\r\n\r\n{}'],
    ['has a length that is no number', 'Content-Length: -5\r\n\r\n{}'],
    ['has a header that never ends', 'x'.repeat(9000)],
  ];
  for (const [what, bytes] of refused) {
    it(`refuses a stream that ${what}`, () => {
      const isProtocolError = (error: unknown) =>
        error instanceof ProxyError && error.kind === 'upstream-protocol';
      assert.throws(() => decode([Buffer.from(bytes)]), isProtocolError);
      assert.throws(
        () => decode([...Buffer.from(bytes)].map((byte) => Buffer.from([byte]))),
        isProtocolError,
      );
    });
  }

  it('refuses a message that is not UTF-8, and no replacement character that the runtime wrote', () => {
    const frame = frameOf('"#\uFFFD"');
    assert.deepEqual(decode([frame]), ['"#\uFFFD"']);
    frame[frame.indexOf('#')] = 0xff;
    assert.throws(() => decode([frame]), { kind: 'upstream-protocol' });
    assert.throws(() => decode([frame.subarray(0, 25), frame.subarray(25)]), { kind: 'upstream-protocol' });
  });
});
