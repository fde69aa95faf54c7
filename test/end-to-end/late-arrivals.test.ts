import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import OpenAI from 'openai';
import { ways } from './official-clients.ts';
import { type RunningProxy, until, withProxy } from './running-proxy.ts';

// The proxy starts without login, runtime or network, and serves as soon as they are there.

const well = () => ({ parts: [{ text: 'Here I am' }] });

async function answersAll(proxy: RunningProxy): Promise<void> {
  proxy.simulator.setBrain(well);
  for (const { ask } of ways) assert.equal((await ask(proxy, { text: 'Hello' })).text, 'Here I am');
  assert.ok((await proxy.openai.models.list()).data.length > 0);
  assert.equal(proxy.state.status, 'ready');
}

describe('a proxy that started too early', () => {
  test('without a login it says so, and serves the first request after one signs in', async () => {
    await withProxy(
      'remote',
      {
        before: ({ loginRoot }) => renameSync(join(loginRoot, 'cache'), join(loginRoot, 'not-yet')),
      },
      async (proxy) => {
        const { loginRoot } = proxy.simulator;
        await until(() => proxy.state.problem !== undefined, 'the proxy knows what is wrong');
        assert.equal(proxy.state.status, 'waiting');
        for (const { ask } of ways) {
          await assert.rejects(ask(proxy, { text: 'Hello' }), { status: 401, message: /sign in/i });
        }
        await assert.rejects(proxy.openai.models.list(), OpenAI.AuthenticationError);
        renameSync(join(loginRoot, 'not-yet'), join(loginRoot, 'cache'));
        await answersAll(proxy);
      },
    );
  });

  test('with a login that is still being written it waits for the whole of it', async () => {
    await withProxy('remote', { before: (simulator) => simulator.truncateLogin() }, async (proxy) => {
      await assert.rejects(ways[0]?.ask(proxy, { text: 'Hello' }) ?? Promise.reject(), { status: 401 });
      proxy.simulator.rotateLogin();
      await answersAll(proxy);
    });
  });

  test('without a runtime it says what to open, and serves the first request after it was opened', async () => {
    await withProxy('ipc', { before: ({ ipc }) => ipc.stop() }, async (proxy) => {
      await until(() => proxy.state.problem !== undefined, 'the proxy knows what is wrong');
      for (const { ask } of ways) {
        await assert.rejects(ask(proxy, { text: 'Hello' }), {
          status: 503,
          message: /Open Lingma or QoderCN/,
        });
      }
      await assert.rejects(proxy.openai.models.list(), OpenAI.InternalServerError);
      await proxy.simulator.ipc.start();
      await answersAll(proxy);
    });
  });

  test('without a network it invites a retry, and serves the first request after it is back', async () => {
    await withProxy(
      'remote',
      {
        settings: { remoteFallbackEnabled: false },
        before: (simulator) => simulator.setScenario('remote', { call: 'models', reset: true }),
      },
      async (proxy) => {
        await until(() => proxy.state.problem !== undefined, 'the proxy knows what is wrong');
        proxy.simulator.setScenario('remote', { reset: true });
        for (const { ask } of ways) await assert.rejects(ask(proxy, { text: 'Hello' }), { status: 503 });
        proxy.simulator.setScenario('remote', undefined);
        await answersAll(proxy);
      },
    );
  });

  test('the VS Code extension’s runtime alone lists models; asked to generate, the refusal says what to open', async () => {
    await withProxy(
      'ipc',
      {
        before: async ({ ipc }) => ipc.stop(),
        simulator: { ipc: {} },
      },
      async (proxy) => {
        await proxy.simulator.addRuntime({ partial: true });
        assert.ok((await proxy.openai.models.list()).data.length > 0);
        for (const { ask } of ways) {
          await assert.rejects(ask(proxy, { text: 'Hello' }), { status: 503, message: /cannot generate/ });
        }
        await proxy.simulator.ipc.start();
        await answersAll(proxy);
      },
    );
  });
});
