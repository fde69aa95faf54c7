import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeTogether } from '../../src/core/encode-together.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import type { StreamEncoder } from '../../src/core/protocol.ts';
import { wireTextOf } from '../../src/core/wire-text.ts';
import { MessagesStreamEncoder } from '../../src/protocols/anthropic/encode-stream.ts';
import { anthropicMessages } from '../../src/protocols/anthropic/protocol.ts';
import { openAiChat } from '../../src/protocols/openai-chat/protocol.ts';
import { createDialect } from '../protocols/openai-responses/dialect-under-test.ts';

const input = { model: 'kmodel', stream: true, messages: [{ role: 'user', content: 'Hello' }] };
const chat = openAiChat.decodeRequest(input);
const messages = anthropicMessages.decodeRequest({
  ...input,
  max_tokens: 100,
  thinking: { type: 'adaptive' },
});

const encoders: Readonly<Record<string, () => StreamEncoder>> = {
  'Chat Completions': () => openAiChat.createStreamEncoder(chat),
  Messages: () => new MessagesStreamEncoder(messages, 'msg_1'),
  Responses: () => {
    const dialect = createDialect();
    return dialect.createStreamEncoder(
      dialect.decodeRequest({ model: 'kmodel', stream: true, input: 'Hello' }),
    );
  },
};

const content = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('ab\ud83d', '\ude00cd'),
);
const event: fc.Arbitrary<TurnEvent> = fc.oneof(
  { weight: 8, arbitrary: content.map((text): TurnEvent => ({ type: 'text-delta', text })) },
  { weight: 2, arbitrary: content.map((text): TurnEvent => ({ type: 'reasoning-delta', text })) },
  { weight: 1, arbitrary: fc.constant<TurnEvent>({ type: 'keep-alive' }) },
);
const start: TurnEvent = { type: 'turn-start', model: 'kmodel', inputTokens: 9 };
const usage = { source: 'upstream', inputTokens: 10, outputTokens: 5 } as const;
const end: TurnEvent = { type: 'turn-end', reason: 'stop', usage };

for (const [name, create] of Object.entries(encoders)) {
  test(`events that came together are in ${name} what each would be alone`, () => {
    fc.assert(
      fc.property(fc.array(event), fc.boolean(), (deltas, isStarted) => {
        const events = [...(isStarted ? [start] : []), ...deltas, end];
        const alone = create();
        const one = events.map((each) => alone.encode(each)).join('');
        assert.equal(wireTextOf(...encodeTogether(create(), events)), one);
      }),
    );
  });
}

test('neighbouring texts are messages that are alike', () => {
  const texts = ['a', '"b"'].map((text): TurnEvent => ({ type: 'text-delta', text }));
  const pieces = encodeTogether(openAiChat.createStreamEncoder(chat), [start, ...texts, end]);
  assert.deepEqual(
    pieces.map((piece) => (typeof piece === 'string' ? 'text' : piece.parts)),
    ['text', ['a', '\\"b\\"'], 'text'],
  );
});
