import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError } from '../../src/core/errors.ts';
import { startSimulator } from '../../src/demo/simulator.ts';
import { createBaseUrlSource } from '../../src/runtime/base-url.ts';
import { type Computer, thisComputer } from '../../src/runtime/computer.ts';
import { createLoginSource } from '../../src/runtime/login-source.ts';
import { findRuntimeEndpoints } from '../../src/runtime/runtime-endpoints.ts';

function computerOf(simulator: { home: string; environment: Readonly<Record<string, string>> }): Computer {
  return { ...thisComputer(), home: simulator.home, env: simulator.environment };
}

for (const flavour of ['qoder', 'lingma'] as const) {
  test(`in the home of a simulated ${flavour} its login, runtime and remote API are found`, async (t) => {
    const simulator = await startSimulator({ ipc: { flavour } });
    t.after(() => simulator.close());
    const computer = computerOf(simulator);

    const login = await createLoginSource({ computer }).read();
    assert.deepEqual(
      [login.cosyKey, login.userId, login.machineId, login.expiresAt],
      [simulator.login.key, simulator.login.uid, simulator.login.machineId, simulator.login.expireTime],
    );
    assert.equal((await createBaseUrlSource({ computer }).read()).url, simulator.remote.url);
    const { endpoints } = await findRuntimeEndpoints({ computer });
    const [first] = endpoints;
    assert.equal(first && new URL(first.address).port, new URL(simulator.ipc.url).port);
    assert.deepEqual(
      endpoints.map((endpoint) => [endpoint.transport, endpoint.flavour]),
      [
        ['websocket', flavour],
        ['pipe', flavour],
      ],
    );
    assert.equal(endpoints[1]?.address, simulator.ipc.socketPath);
  });
}

test('a login that is rotated, torn or expired is noticed by the next look', async (t) => {
  const simulator = await startSimulator();
  t.after(() => simulator.close());
  const logins = createLoginSource({ computer: computerOf(simulator) });
  await logins.read();
  simulator.rotateLogin();
  const { key } = simulator.login;
  assert.equal((await logins.read('anew')).cosyKey, key);
  simulator.truncateLogin();
  assert.equal((await logins.read('anew')).cosyKey, key);
  simulator.expireLogin();
  await assert.rejects(
    logins.read('anew'),
    (error) => error instanceof ProxyError && error.kind === 'login-required',
  );
});
