import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ProxyError } from '../../src/core/errors.ts';
import type { Model } from '../../src/core/models.ts';
import { CachedModels } from '../../src/policies/cached-models.ts';

const model = (id: string): Model => ({ id, key: id, displayName: id, aliases: [], scene: 'chat' });
const never = () => new AbortController().signal;

/** An upstream whose answers the test gives. */
function upstream() {
  const waiting: {
    resolve: (models: Model[]) => void;
    reject: (error: Error) => void;
    signal: AbortSignal;
  }[] = [];
  const fetch = (signal: AbortSignal) =>
    new Promise<Model[]>((resolve, reject) => waiting.push({ resolve, reject, signal }));
  return { waiting, fetch };
}

test('one fetch serves all who wait, and later callers without a wait', async () => {
  const { waiting, fetch } = upstream();
  const models = new CachedModels(fetch);
  assert.equal(models.cached(), undefined);
  const both = [models.load(never()), models.load(never())];
  waiting[0]?.resolve([model('a')]);
  assert.deepEqual(await Promise.all(both), [[model('a')], [model('a')]]);
  assert.deepEqual(models.cached(), [model('a')]);
  assert.equal(waiting.length, 1);
});

test('an old list is served while a new one is fetched', async () => {
  let time = 0;
  const { waiting, fetch } = upstream();
  const models = new CachedModels(fetch, { maxAgeMs: 100, now: () => time });
  const first = models.load(never());
  waiting[0]?.resolve([model('a')]);
  await first;
  time = 100;
  assert.deepEqual(await models.load(never()), [model('a')]);
  assert.equal(waiting.length, 2);
  waiting[1]?.resolve([model('b')]);
  await setImmediate();
  assert.deepEqual(models.cached(), [model('b')]);
});

test('a failure is remembered for a moment, and an old list survives it', async () => {
  let time = 0;
  const { waiting, fetch } = upstream();
  const models = new CachedModels(fetch, { maxAgeMs: 100, failureMs: 50, now: () => time });
  const first = models.load(never());
  waiting[0]?.reject(new ProxyError('upstream-unavailable', 'No network.'));
  await assert.rejects(first, /No network/);
  await assert.rejects(models.load(never()), /No network/);
  assert.equal(waiting.length, 1);
  time = 50;
  const second = models.load(never());
  waiting[1]?.resolve([model('a')]);
  await second;
  time = 200;
  models.cached();
  waiting[2]?.reject(new Error('down'));
  await setImmediate();
  assert.deepEqual(models.cached(), [model('a')]);
  assert.equal(waiting.length, 3);
});

test('a login that was missing is looked for again by the very next request', async () => {
  const { waiting, fetch } = upstream();
  const models = new CachedModels(fetch);
  const first = models.load(never());
  waiting[0]?.reject(new ProxyError('login-required', 'Sign in.'));
  await assert.rejects(first, /Sign in/);
  const second = models.load(never());
  waiting[1]?.resolve([model('a')]);
  assert.deepEqual(await second, [model('a')]);
});

test('one caller that leaves does not end the fetch for the others', async () => {
  const { waiting, fetch } = upstream();
  const models = new CachedModels(fetch);
  const leaving = new AbortController();
  const left = models.load(leaving.signal);
  const stays = models.load(never());
  leaving.abort();
  await assert.rejects(left, (thrown) => thrown instanceof ProxyError && thrown.kind === 'cancelled');
  assert.equal(waiting[0]?.signal.aborted, false);
  waiting[0]?.resolve([model('a')]);
  assert.deepEqual(await stays, [model('a')]);
});

test('a fetch that takes too long is given up', async () => {
  const { waiting, fetch } = upstream();
  const models = new CachedModels(fetch, { timeoutMs: 5 });
  await assert.rejects(
    models.load(never()),
    (thrown) => thrown instanceof ProxyError && thrown.kind === 'timeout',
  );
  assert.equal(waiting[0]?.signal.aborted, true);
});

test('what was forgotten is not filled in by a fetch from before', async () => {
  const { waiting, fetch } = upstream();
  const models = new CachedModels(fetch);
  const before = models.load(never());
  models.forget();
  await assert.rejects(before);
  const after = models.load(never());
  waiting[0]?.resolve([model('old')]);
  waiting[1]?.resolve([model('new')]);
  assert.deepEqual(await after, [model('new')]);
  assert.deepEqual(models.cached(), [model('new')]);
});

test('a refresh fetches anew at any time', async () => {
  const { waiting, fetch } = upstream();
  const models = new CachedModels(fetch);
  const first = models.load(never());
  waiting[0]?.resolve([model('a')]);
  await first;
  const second = models.refresh(never());
  waiting[1]?.resolve([model('b')]);
  assert.deepEqual(await second, [model('b')]);
});
