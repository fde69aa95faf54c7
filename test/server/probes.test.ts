import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleState, ownerKey, serve } from './served.ts';

test('/livez answers as long as the process does, /readyz only when the models are known and no stop is near', async (t) => {
  let state = exampleState;
  const served = await serve(t, { state: () => state });
  const ask = async (path: string) => {
    const response = await served.fetch(path);
    return [response.status, await response.json()];
  };
  assert.deepEqual(await ask('/readyz'), [200, { status: 'ready' }]);
  state = {
    ...exampleState,
    status: 'waiting',
    problem: { kind: 'login-required', message: 'There is no login.' },
  };
  assert.deepEqual(await ask('/readyz'), [503, { status: 'waiting', problem: 'There is no login.' }]);
  assert.deepEqual(await ask('/livez'), [200, { status: 'alive' }]);
  state = { ...exampleState, draining: true };
  assert.deepEqual(await ask('/readyz'), [503, { status: 'draining' }]);
  assert.deepEqual(await ask('/livez'), [200, { status: 'alive' }]);
});

test('probes need no key, and tell who has none nothing more', async (t) => {
  const served = await serve(t, {
    settings: { keys: [ownerKey('the-key')] },
    state: () => ({
      ...exampleState,
      status: 'waiting',
      problem: { kind: 'login-required', message: 'The login in /home/ann/… expired.' },
    }),
  });
  assert.equal((await served.fetch('/livez')).status, 200);
  const stranger = await served.fetch('/readyz');
  assert.deepEqual([stranger.status, await stranger.json()], [503, { status: 'waiting' }]);
  const owner = await served.fetch('/readyz', { headers: { 'x-api-key': 'the-key' } });
  assert.match(await owner.text(), /expired/);
});

test('HEAD works as GET does, and probes are not recorded', async (t) => {
  const served = await serve(t);
  for (const path of ['/livez', '/readyz']) {
    assert.equal((await served.fetch(path, { method: 'HEAD' })).status, 200, path);
  }
  assert.deepEqual(served.recorder.list(10), []);
});
