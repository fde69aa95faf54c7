import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Backend, withRun } from '../../src/core/backend.ts';
import { ProxyError } from '../../src/core/errors.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import { concurrency } from '../../src/policies/concurrency.ts';
import {
  end,
  eventsOf,
  recordedContext,
  ScriptedBackend,
  says,
  start,
  turnWith,
} from './scripted-backend.ts';

const ofKind = (kind: string) => (thrown: unknown) => thrown instanceof ProxyError && thrown.kind === kind;

/** A backend whose runs begin, then wait until they are told to end. */
function heldBackend(): { backend: Backend; begun: string[]; finish: (model: string) => void } {
  const begun: string[] = [];
  const waiting = new Map<string, () => void>();
  const backend = withRun(new ScriptedBackend(), async function* (turn): AsyncGenerator<TurnEvent> {
    begun.push(turn.model);
    yield start;
    await new Promise<void>((resolve) => waiting.set(turn.model, resolve));
    yield end;
  });
  return { backend, begun, finish: (model) => waiting.get(model)?.() };
}

test('turns beyond the limit wait, and get their places in order', async () => {
  const held = heldBackend();
  const policy = concurrency(() => 1);
  const pooled = policy(held.backend);
  const runs = ['a', 'b', 'c'].map((model) => eventsOf(pooled.run(turnWith({ model }), recordedContext())));
  await setImmediate();
  assert.deepEqual([held.begun, policy.running(), policy.waiting()], [['a'], 1, 2]);
  held.finish('a');
  await runs[0];
  await setImmediate();
  assert.deepEqual([held.begun, policy.running(), policy.waiting()], [['a', 'b'], 1, 1]);
  held.finish('b');
  await runs[1];
  await setImmediate();
  held.finish('c');
  await runs[2];
  assert.deepEqual([policy.running(), policy.waiting()], [0, 0]);
});

test('the wait is noted', async () => {
  let time = 0;
  const held = heldBackend();
  const pooled = concurrency(() => 1, { now: () => time })(held.backend);
  const first = eventsOf(pooled.run(turnWith({ model: 'a' }), recordedContext()));
  const context = recordedContext();
  const second = eventsOf(pooled.run(turnWith({ model: 'b' }), context));
  await setImmediate();
  time = 250;
  held.finish('a');
  await first;
  await setImmediate();
  held.finish('b');
  await second;
  assert.deepEqual(context.notes, [{ type: 'admitted', waitedMs: 250 }]);
});

test('a client that leaves while it waits makes room for the next', async () => {
  const held = heldBackend();
  const policy = concurrency(() => 1);
  const pooled = policy(held.backend);
  const first = eventsOf(pooled.run(turnWith({ model: 'a' }), recordedContext()));
  const leaving = new AbortController();
  const second = eventsOf(pooled.run(turnWith({ model: 'b' }), recordedContext(leaving.signal)));
  const third = eventsOf(pooled.run(turnWith({ model: 'c' }), recordedContext()));
  await setImmediate();
  leaving.abort();
  await assert.rejects(second, ofKind('cancelled'));
  held.finish('a');
  await first;
  await setImmediate();
  assert.deepEqual(held.begun, ['a', 'c']);
  held.finish('c');
  await third;
  assert.equal(policy.running(), 0);
});

test('one turn too many is refused, with a time to come back', async () => {
  const held = heldBackend();
  const pooled = concurrency(() => 1, { maxWaiting: 1 })(held.backend);
  const runs = ['a', 'b'].map((model) => eventsOf(pooled.run(turnWith({ model }), recordedContext())));
  await setImmediate();
  await assert.rejects(
    eventsOf(pooled.run(turnWith({ model: 'c' }), recordedContext())),
    (thrown) =>
      thrown instanceof ProxyError &&
      thrown.kind === 'overloaded' &&
      (thrown.details.retryAfterSeconds ?? 0) > 0,
  );
  held.finish('a');
  await setImmediate();
  held.finish('b');
  await Promise.all(runs);
});

describe('a place is free again', () => {
  const policy = concurrency(() => 1);
  const run = (backend: Backend, signal?: AbortSignal) =>
    policy(backend).run(turnWith(), recordedContext(signal));

  test('after an end', async () => {
    await eventsOf(run(new ScriptedBackend(says('Hi'))));
    assert.equal(policy.running(), 0);
  });

  test('after an error', async () => {
    await assert.rejects(
      eventsOf(run(new ScriptedBackend([new ProxyError('timeout', 'Late.')]))),
      ofKind('timeout'),
    );
    assert.equal(policy.running(), 0);
  });

  test('after a return in the middle, which reaches the backend', async () => {
    const backend = new ScriptedBackend(says('a', 'b', 'c'));
    for await (const _ of run(backend)) break;
    assert.equal(policy.running(), 0);
    assert.equal(backend.cancelled, 1);
  });

  test('after an abort that nobody follows up', async () => {
    const abort = new AbortController();
    const iterator = run(new ScriptedBackend(says('a', 'b')), abort.signal)[Symbol.asyncIterator]();
    await iterator.next();
    assert.equal(policy.running(), 1);
    abort.abort();
    assert.equal(policy.running(), 0);
  });

  test('when the run is never begun', async () => {
    const iterator = run(new ScriptedBackend(says('a')))[Symbol.asyncIterator]();
    await iterator.return?.();
    assert.equal(policy.running(), 0);
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  });

  test('when the run is returned while it waits for its place', async () => {
    const held = heldBackend();
    const first = eventsOf(run(held.backend));
    await setImmediate();
    const iterator = run(held.backend)[Symbol.asyncIterator]();
    const pending = iterator.next();
    await iterator.return?.();
    await assert.rejects(pending, ofKind('cancelled'));
    assert.equal(policy.waiting(), 0);
    held.finish('kmodel');
    await first;
    assert.equal(policy.running(), 0);
  });
});

test('the limit counts as 1 to 16', async () => {
  for (const [limit, expected] of [
    [0, 1],
    [99, 16],
    [Number.NaN, 1],
  ] as const) {
    const held = heldBackend();
    const policy = concurrency(() => limit);
    const names = Array.from({ length: 20 }, (_, index) => `m${index}`);
    const runs = names.map((model) =>
      eventsOf(policy(held.backend).run(turnWith({ model }), recordedContext())),
    );
    await setImmediate();
    assert.equal(policy.running(), expected);
    for (const name of names) {
      held.finish(name);
      await setImmediate();
    }
    await Promise.all(runs);
  }
});
