import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend } from '../../src/core/backend.ts';
import { collect } from '../../src/core/collect.ts';
import { ProxyError } from '../../src/core/errors.ts';
import type { Usage } from '../../src/core/events.ts';
import { noTrace } from '../../src/core/trace.ts';
import type { Turn } from '../../src/core/turn.ts';
import { contextLimit } from '../../src/policies/context-limit.ts';
import { TokenCounter } from '../../src/policies/token-counter.ts';

function turnOf(characters: number): Turn {
  return {
    model: 'kmodel',
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'a'.repeat(characters) }] }],
    tools: [],
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'whole',
    metadata: {},
  };
}

function setUp(usage: Usage, contextWindow: number | null = 1_000) {
  const inner: Backend = {
    listModels: async () => [],
    async *run(turn) {
      yield { type: 'turn-start', model: turn.model, inputTokens: 0 };
      yield { type: 'turn-end', reason: 'stop', usage };
    },
    dispose: async () => {},
  };
  const counter = new TokenCounter();
  const backend = contextLimit({ counter, contextWindow: () => contextWindow ?? undefined })(inner);
  const run = (turn: Turn) =>
    collect(backend.run(turn, { signal: new AbortController().signal, trace: noTrace }));
  return { counter, run, backend };
}

const estimate: Usage = { source: 'estimate', inputTokens: 9, outputTokens: 9 };
const tooLong = (error: unknown) => error instanceof ProxyError && error.kind === 'context-length-exceeded';

test('a conversation that the model cannot take is refused with its size and the limit', async () => {
  const { run } = setUp(estimate);
  await assert.rejects(run(turnOf(8_000)), (error) => {
    assert.ok(tooLong(error) && error instanceof ProxyError);
    assert.deepEqual(error.details.extra, { inputTokens: 2_004, contextWindow: 1_000 });
    return true;
  });
});

test('an unconfirmed estimate gets the benefit of the doubt, a confirmed one does not', async () => {
  const { run, counter } = setUp(estimate);
  await run(turnOf(4_400));
  counter.learn('kmodel', 1_000, 1_000);
  await assert.rejects(run(turnOf(4_400)), tooLong);
});

test('counts that upstream reports bring later estimates closer', async () => {
  const { run, counter } = setUp({ source: 'upstream', inputTokens: 800, outputTokens: 1 }, 100_000);
  const turn = turnOf(4_000);
  assert.equal(counter.count(turn, 'kmodel'), 1_004);
  await run(turn);
  assert.equal(counter.count(turn, 'kmodel'), 800);
  assert.equal(counter.count(turn, 'other'), 1_004);
});

test('implausible counts and tiny requests teach nothing', () => {
  const { counter } = setUp(estimate);
  counter.learn('kmodel', 1_000, 10);
  counter.learn('kmodel', 10, 15);
  assert.equal(counter.knows('kmodel'), false);
});

test('without a known limit nothing is refused', async () => {
  const { run } = setUp(estimate, null);
  await run(turnOf(8_000_000));
});
