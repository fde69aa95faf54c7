import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageToday } from '../../src/extension/usage-today.ts';
import type { RequestSummary } from '../../src/shared/requests.ts';

const turn: RequestSummary = {
  id: 'req_1',
  time: '2026-04-30T03:33:00.000Z',
  method: 'POST',
  path: '/v1/messages',
  durationMs: 1,
  state: 'done',
  client: '',
  api: 'anthropic',
  modelAsked: 'kmodel',
  inputTokens: 10,
  outputTokens: 2,
  usageSource: 'upstream',
  toolCalls: 0,
  stream: false,
  requestSize: 0,
  responseSize: 0,
};

function memory(kept = new Map<string, unknown>()) {
  return {
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => kept.set(key, value),
  };
}

test('turns are summed up; what no model was asked for does not count', () => {
  const today = new UsageToday(memory());
  const { modelAsked: _, ...listing } = turn;
  today.add(turn);
  today.add(listing);
  today.add({ ...turn, usageSource: 'estimate' });
  assert.deepEqual(today.usage, { requests: 2, inputTokens: 20, outputTokens: 4, isEstimate: true });
});

test('the sum outlives the editor, and a new day begins at nothing', () => {
  const kept = memory();
  let now = new Date(2026, 3, 30, 23, 59);
  new UsageToday(kept, () => now).add(turn);
  const later = new UsageToday(kept, () => now);
  assert.equal(later.usage.requests, 1);
  now = new Date(2026, 4, 1, 0, 1);
  assert.equal(later.usage.requests, 0);
  assert.equal(new UsageToday(kept, () => now).usage.requests, 0);
});

test('what ended while nobody counted is added once', () => {
  const kept = memory();
  const now = () => new Date('2026-04-30T12:00:00');
  const at = (time: string, state: RequestSummary['state'] = 'done') => ({
    ...turn,
    time: new Date(time).toISOString(),
    state,
  });
  const counted = at('2026-04-30T09:00:00');
  new UsageToday(kept, now).add(counted);
  const meanwhile = [
    at('2026-04-30T11:00:00', 'running'),
    at('2026-04-30T10:30:00', 'failed'),
    at('2026-04-30T10:00:00'),
    counted,
    at('2026-04-29T10:00:00'),
  ];
  const later = new UsageToday(kept, now);
  later.catchUp(meanwhile);
  later.catchUp(meanwhile);
  assert.equal(later.usage.requests, 3);
  assert.equal(new UsageToday(kept, now).usage.requests, 3);
});

test('what is kept and cannot be understood counts as nothing', () => {
  const today = new UsageToday(memory(new Map([['usageToday', 'nonsense']])));
  assert.equal(today.usage.requests, 0);
});
