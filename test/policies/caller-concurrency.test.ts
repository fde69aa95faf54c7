import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { withRun } from '../../src/core/backend.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import { callerConcurrency } from '../../src/policies/caller-concurrency.ts';
import { end, eventsOf, recordedContext, ScriptedBackend, start, turnWith } from './scripted-backend.ts';

/** Two backends behind one policy; runs begin, then wait until they are told to end. */
function stage(limitOf: (caller: string) => number) {
  const begun: string[] = [];
  const waiting = new Map<string, () => void>();
  const held = withRun(new ScriptedBackend(), async function* (turn): AsyncGenerator<TurnEvent> {
    begun.push(turn.model);
    yield start;
    await new Promise<void>((resolve) => waiting.set(turn.model, resolve));
    yield end;
  });
  const policy = callerConcurrency(limitOf);
  const backends = { remote: policy(held), ipc: policy(held) };
  return {
    begun,
    finish: (model: string) => waiting.get(model)?.(),
    run: (model: string, caller: string | undefined, backend: keyof typeof backends = 'remote') =>
      eventsOf(
        backends[backend].run(turnWith({ model }), {
          ...recordedContext(),
          ...(caller === undefined ? {} : { caller }),
        }),
      ),
  };
}

test('a caller’s turns beyond its own limit wait in order, over all backends, and nobody else’s do', async () => {
  const { begun, finish, run } = stage((caller) => (caller === 'ann' ? 1 : 0));
  const runs = [
    run('a1', 'ann'),
    run('a2', 'ann', 'ipc'),
    run('b1', 'bob'),
    run('b2', 'bob'),
    run('c', undefined),
  ];
  await setImmediate();
  assert.deepEqual(begun.toSorted(), ['a1', 'b1', 'b2', 'c']);
  finish('a1');
  await runs[0];
  await setImmediate();
  assert.deepEqual(begun.at(-1), 'a2');
  for (const model of begun) finish(model);
  await Promise.all(runs);
});

test('each caller has places of its own', async () => {
  const { begun, finish, run } = stage(() => 1);
  const runs = [run('a1', 'ann'), run('b1', 'bob'), run('a2', 'ann'), run('b2', 'bob')];
  await setImmediate();
  assert.deepEqual(begun, ['a1', 'b1']);
  finish('b1');
  await runs[1];
  await setImmediate();
  assert.deepEqual(begun, ['a1', 'b1', 'b2']);
  finish('a1');
  await runs[0];
  await setImmediate();
  for (const model of begun) finish(model);
  await Promise.all(runs);
});
