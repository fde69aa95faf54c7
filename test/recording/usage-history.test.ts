import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DurationHistogram } from '../../src/recording/duration-histogram.ts';
import { UsageHistory } from '../../src/recording/usage-history.ts';
import type { RequestSummary } from '../../src/shared/requests.ts';

const minute = 60_000;
const start = Date.parse('2026-04-30T10:07:30Z');

function request(rest: Partial<RequestSummary> = {}): RequestSummary {
  return {
    id: 'req_1',
    time: '2026-04-30T10:07:30.000Z',
    method: 'POST',
    path: '/v1/messages',
    durationMs: 100,
    state: 'done',
    client: 'Claude Code',
    api: 'messages',
    modelAsked: 'sonnet',
    modelUsed: 'kmodel',
    inputTokens: 10,
    outputTokens: 2,
    toolCalls: 0,
    stream: true,
    requestSize: 0,
    responseSize: 0,
    ...rest,
  };
}

function history() {
  const clock = { now: start };
  return { clock, sums: new UsageHistory(() => clock.now) };
}

const countIn = (sums: UsageHistory, range: 'hour' | 'day' | 'week') =>
  sums.slices(range).reduce((count, { slot }) => count + slot.sums.requests, 0);

test('a request counts in the hour, the day and the week, each until its time is over', () => {
  const { clock, sums } = history();
  sums.add(request());
  assert.deepEqual([countIn(sums, 'hour'), countIn(sums, 'day'), countIn(sums, 'week')], [1, 1, 1]);
  clock.now = start + 61 * minute;
  assert.deepEqual([countIn(sums, 'hour'), countIn(sums, 'day'), countIn(sums, 'week')], [0, 1, 1]);
  clock.now = start + 25 * 60 * minute;
  assert.deepEqual([countIn(sums, 'hour'), countIn(sums, 'day'), countIn(sums, 'week')], [0, 0, 1]);
  clock.now = start + 8 * 24 * 60 * minute;
  assert.equal(countIn(sums, 'week'), 0);
});

test('the slices are of equal length, oldest first, and end now', () => {
  const { sums } = history();
  for (const [range, count, ms] of [
    ['hour', 60, minute],
    ['day', 96, 15 * minute],
    ['week', 168, 60 * minute],
  ] as const) {
    const starts = sums.slices(range).map(({ startMs }) => startMs);
    assert.equal(starts.length, count);
    assert.ok(starts.every((each, index) => index === 0 || each - (starts[index - 1] ?? 0) === ms));
    const last = starts.at(-1) ?? 0;
    assert.ok(last <= start && start < last + ms);
  }
});

test('failures, tokens and groups are added up; calls that ask no model are left out', () => {
  const { sums } = history();
  sums.add(request());
  sums.add(request({ state: 'failed', client: 'Codex CLI', usageSource: 'estimate' }));
  sums.add(request({ path: '/v1/messages/count_tokens?beta=true' }));
  const { modelAsked: _, modelUsed: __, ...list } = request({ method: 'GET', path: '/v1/models' });
  sums.add(list);
  sums.add({ ...list, state: 'failed' });
  const slot = sums.slices('hour').at(-1)?.slot;
  assert.deepEqual(slot?.sums, { requests: 3, errors: 2, inputTokens: 30, outputTokens: 6 });
  assert.deepEqual([...(slot?.byModel.keys() ?? [])], ['kmodel', '']);
  assert.deepEqual([...(slot?.byClient.keys() ?? [])], ['Claude Code', 'Codex CLI']);
  assert.equal(slot?.isEstimated, true);
  assert.equal(slot?.latency.count, 1, 'only what was answered has a latency');
});

test('what was stored and restored is added to what there is already, and nonsense is passed over', () => {
  const { sums, clock } = history();
  sums.add(request());
  sums.add(request({ firstTokenMs: 40 }));
  const stored: unknown = JSON.parse(JSON.stringify(sums));
  const later = new UsageHistory(() => clock.now + minute);
  later.add(request());
  later.restore(stored);
  for (const nonsense of [undefined, null, 'x', { version: 2 }, { version: 1, slots: { hour: [[1, {}]] } }]) {
    later.restore(nonsense);
  }
  assert.equal(countIn(later, 'hour'), 3);
  const slots = later.slices('hour');
  assert.equal(slots.at(-2)?.slot.firstToken.count, 1);
  assert.equal(slots.at(-2)?.slot.byClient.get('Claude Code')?.requests, 2);
});

test('the size is bounded, whatever names clients choose and however long it runs', () => {
  const { sums, clock } = history();
  for (let count = 0; count < 20_000; count++) {
    clock.now += minute;
    sums.add(request({ client: `client ${count}`, modelUsed: `model ${count}`, durationMs: count }));
  }
  for (let count = 0; count < 1_000; count++) sums.add(request({ client: `client ${count}` }));
  assert.ok(sums.slices('hour').every(({ slot }) => slot.byClient.size <= 51));
  assert.ok(JSON.stringify(sums).length < 3_000_000);
});

test('percentiles are off by 5 % at most; average and maximum are exact', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95, 1),
      (durations, quantile) => {
        const histogram = new DurationHistogram();
        for (const duration of durations) histogram.add(duration);
        const sorted = durations.toSorted((one, other) => one - other);
        const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0;
        const found = histogram.percentile(quantile) ?? 0;
        assert.ok(Math.abs(found - exact) <= exact * 0.05, `${found} for ${exact}`);
        assert.equal(histogram.max, sorted.at(-1));
        const sum = durations.reduce((total, duration) => total + duration, 0);
        assert.ok(Math.abs((histogram.average ?? 0) - sum / durations.length) < 1e-6);
      },
    ),
  );
  assert.equal(new DurationHistogram().percentile(0.5), undefined);
});
