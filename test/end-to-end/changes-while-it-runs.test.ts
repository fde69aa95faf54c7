import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ways } from './official-clients.ts';
import { type BackendName, type RunningProxy, until, withProxy } from './running-proxy.ts';

// A login or a runtime that changes under the running proxy is absorbed by the next request.

async function eachAnswers(proxy: RunningProxy): Promise<void> {
  for (const { ask } of ways) assert.equal((await ask(proxy, { text: 'Hello' })).text, 'Well');
}

/** Runs a test with a proxy that has served already. */
function whileServing(
  backend: BackendName,
  run: (proxy: RunningProxy) => Promise<void>,
  settings = {},
): Promise<void> {
  return withProxy(backend, { settings }, async (proxy) => {
    proxy.simulator.setBrain(() => ({ parts: [{ text: 'Well' }] }));
    await eachAnswers(proxy);
    await run(proxy);
  });
}

test('a rotated login is used by the very next request', async () => {
  await whileServing('remote', async (proxy) => {
    for (const { ask } of ways) {
      proxy.simulator.rotateLogin();
      assert.equal((await ask(proxy, { text: 'Hello' })).text, 'Well');
      assert.equal(proxy.simulator.remote.requests.at(-1)?.headers['cosy-key'], proxy.simulator.login.key);
    }
  });
});

test('a login file caught half-written does not take away the login that works', async () => {
  await whileServing('remote', async (proxy) => {
    proxy.simulator.truncateLogin();
    await eachAnswers(proxy);
    proxy.simulator.rotateLogin();
    await eachAnswers(proxy);
  });
});

test('an expired login is a plain request to sign in again, and the next one works after that', async () => {
  await whileServing('remote', async (proxy) => {
    proxy.simulator.expireLogin();
    for (const { ask } of ways) {
      await assert.rejects(ask(proxy, { text: 'Hello' }), { status: 401, message: /sign in/i });
    }
    proxy.simulator.rotateLogin();
    await eachAnswers(proxy);
  });
});

test('a runtime that comes back on another port is found by the next request', async () => {
  await whileServing('ipc', async (proxy) => {
    const { ipc } = proxy.simulator;
    for (const { ask } of ways) {
      const { url } = ipc;
      await ipc.restart();
      assert.notEqual(ipc.url, url);
      assert.equal((await ask(proxy, { text: 'Hello' })).text, 'Well');
      assert.equal(proxy.state.endpoint, ipc.url);
    }
  });
});

test('a connection that was dropped is made again without a client noticing', async () => {
  await whileServing('ipc', async (proxy) => {
    for (const { ask } of ways) {
      // A session whose id is still on its way when the connection breaks cannot be known to anybody.
      await until(() => proxy.isPrepared, 'a session is prepared');
      proxy.simulator.ipc.dropConnections();
      assert.equal((await ask(proxy, { text: 'Hello' })).text, 'Well');
    }
  });
});

test('a runtime that restarts in mid-answer fails that answer, and serves the next one from its new port', async () => {
  await whileServing('ipc', async (proxy) => {
    for (const { ask } of ways) {
      proxy.simulator.setBrain(() => ({ parts: [{ text: 'A long enough answer '.repeat(10) }] }));
      proxy.simulator.setScenario('ipc', [{ restartAfterChunks: 3 }]);
      await assert.rejects(ask(proxy, { text: 'Hello' }));
      proxy.simulator.setBrain(() => ({ parts: [{ text: 'Well' }] }));
      assert.equal((await ask(proxy, { text: 'Hello' })).text, 'Well');
    }
  });
});

test('a runtime over its Unix socket or named pipe is as good as one over WebSocket', async () => {
  await whileServing(
    'ipc',
    async (proxy) => {
      assert.equal(proxy.state.endpoint, proxy.simulator.ipc.socketPath);
      await proxy.simulator.ipc.restart();
      await eachAnswers(proxy);
    },
    { transport: 'pipe' },
  );
});
