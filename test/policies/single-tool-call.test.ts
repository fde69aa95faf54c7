import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../src/core/collect.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import { noTrace } from '../../src/core/trace.ts';
import type { Turn } from '../../src/core/turn.ts';
import { singleToolCall } from '../../src/policies/single-tool-call.ts';

const answer: TurnEvent[] = [
  { type: 'turn-start', model: 'm', inputTokens: 1 },
  { type: 'text-delta', text: 'Two things: ' },
  { type: 'tool-call-start', id: 'a', name: 'read' },
  { type: 'tool-call-delta', id: 'a', input: '{"x"' },
  { type: 'tool-call-start', id: 'b', name: 'list' },
  { type: 'tool-call-delta', id: 'b', input: '{}' },
  { type: 'tool-call-delta', id: 'a', input: ':1}' },
  { type: 'tool-call-end', id: 'a' },
  { type: 'tool-call-end', id: 'b' },
  { type: 'turn-end', reason: 'tool-calls', usage: { source: 'upstream', inputTokens: 1, outputTokens: 2 } },
];

const turn: Turn = {
  model: 'm',
  system: [],
  messages: [],
  tools: [{ kind: 'function', name: 'read', description: '', inputSchema: { type: 'object' } }],
  toolChoice: { type: 'auto' },
  sampling: {},
  delivery: 'whole',
  metadata: {},
};

async function callsOf(asked: Turn): Promise<string[]> {
  const backend = singleToolCall()({
    listModels: async () => [],
    async *run() {
      yield* answer;
    },
    dispose: async () => {},
  });
  const { content } = await collect(
    backend.run(asked, { signal: new AbortController().signal, trace: noTrace }),
  );
  return content.flatMap((part) => (part.type === 'tool-call' ? [`${part.id} ${part.input}`] : [part.type]));
}

test('only the first of several calls is passed on, whole, when one at a time was asked for', async () => {
  assert.deepEqual(await callsOf({ ...turn, parallelToolCalls: false }), ['text', 'a {"x":1}']);
});

test('all calls are passed on otherwise', async () => {
  assert.deepEqual(await callsOf(turn), ['text', 'a {"x":1}', 'b {}']);
});
