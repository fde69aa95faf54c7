import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../src/core/collect.ts';
import { ProxyError } from '../../src/core/errors.ts';
import type { TurnEvent } from '../../src/core/events.ts';

async function* stream(events: readonly TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* events;
}

const usage = { source: 'upstream', inputTokens: 7, outputTokens: 3 } as const;

test('an answer is gathered in the order in which its parts began, white space kept', async () => {
  const result = await collect(
    stream([
      { type: 'turn-start', model: 'kmodel', inputTokens: 9 },
      { type: 'reasoning-delta', text: 'why ' },
      { type: 'reasoning-delta', text: 'not', signature: 'sig' },
      { type: 'text-delta', text: '  a\n' },
      { type: 'keep-alive' },
      { type: 'text-delta', text: 'b ' },
      { type: 'tool-call-start', id: '1', name: 'read', namespace: 'files' },
      { type: 'tool-call-start', id: '2', name: 'list' },
      { type: 'tool-call-delta', id: '2', input: '{}' },
      { type: 'tool-call-delta', id: '1', input: '{"path":' },
      { type: 'tool-call-delta', id: '1', input: '"x"}' },
      { type: 'tool-call-end', id: '1' },
      { type: 'tool-call-end', id: '2' },
      { type: 'turn-end', reason: 'tool-calls', usage },
    ]),
  );
  assert.deepEqual(result, {
    model: 'kmodel',
    content: [
      { type: 'reasoning', text: 'why not', signature: 'sig' },
      { type: 'text', text: '  a\nb ' },
      { type: 'tool-call', id: '1', name: 'read', namespace: 'files', input: '{"path":"x"}' },
      { type: 'tool-call', id: '2', name: 'list', input: '{}' },
    ],
    reason: 'tool-calls',
    usage,
  });
});

test('the stop sequence that cut the text is part of the result', async () => {
  const result = await collect(stream([{ type: 'turn-end', reason: 'stop', stopSequence: 'END', usage }]));
  assert.equal(result.stopSequence, 'END');
  assert.deepEqual(result.content, []);
});

test('a stream without its end is an error, never a short answer', async () => {
  await assert.rejects(
    collect(stream([{ type: 'text-delta', text: 'half' }])),
    (error) => error instanceof ProxyError && error.kind === 'upstream-protocol',
  );
});
