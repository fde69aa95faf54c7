import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { createProxy, type LingmaProxy } from '../../src/proxy.ts';
import { thisComputer } from '../../src/runtime/computer.ts';
import { until } from '../end-to-end/running-proxy.ts';

let simulator: Simulator;
let proxy: LingmaProxy;
let url: string;

before(async () => {
  simulator = await startSimulator();
  proxy = createProxy(settingsWith(), {
    version: '0.0.0-test',
    computer: { ...thisComputer(), home: simulator.home, env: simulator.environment },
  });
  url = await proxy.start();
});
beforeEach(() => proxy.applySettings(settingsWith()));
after(async () => {
  await proxy.stop();
  await simulator.close();
});

function settingsWith(changes: Partial<Settings> = {}): Settings {
  const { home, environment } = simulator;
  const { settings } = loadSettings({ argv: ['--port', '0'], env: environment, cwd: home, home });
  return { ...settings, ...changes };
}

async function ask(model = 'kmodel'): Promise<string> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  assert.equal(answer.status, 200);
  return answer.text();
}

test('the next request goes to the other backend, and one that runs ends on the one it began with', async () => {
  let answer = () => {};
  const mayAnswer = new Promise<void>((resolve) => {
    answer = resolve;
  });
  simulator.setBrain(async ({ backend }) => {
    if (backend === 'remote') await mayAnswer;
    return { parts: [{ text: `from ${backend}` }] };
  });
  const slow = ask();
  await simulator.until(() => simulator.remote.openRequests === 1);
  assert.deepEqual(proxy.applySettings(settingsWith({ backend: 'ipc' })), []);
  assert.match(await ask(), /from ipc/);
  answer();
  assert.match(await slow, /from remote/);
});

test('the other backend is warmed up without a request, and its models are told of', async () => {
  let told = 0;
  const stop = proxy.onChange(() => told++);
  proxy.applySettings(settingsWith({ backend: 'ipc' }));
  await until(() => proxy.state().backend === 'ipc' && proxy.state().status === 'ready', 'it is ready');
  stop();
  assert.ok(told > 0);
  assert.ok(proxy.models()?.some(({ id }) => id === 'Kimi-K2.6'));
});

test('another default model answers the next request', async () => {
  simulator.setBrain(() => ({ parts: [{ text: 'Well' }] }));
  await ask('no-such-model');
  const [before] = proxy.requests.summaries(1);
  assert.equal(before?.modelUsed, 'kmodel');
  proxy.applySettings(settingsWith({ model: 'mmodel' }));
  await ask('no-such-model');
  const [after] = proxy.requests.summaries(1);
  assert.equal(after?.modelUsed, 'mmodel');
});

test('what needs a new proxy is named and has no effect', async () => {
  const changed = settingsWith({ apiKey: 'secret', bodyLimitMegabytes: 1 });
  assert.deepEqual(proxy.applySettings(changed), ['apiKey', 'bodyLimitMegabytes']);
  await ask();
});

test('models are asked for anew when somebody wants to', async () => {
  const models = await proxy.refreshModels(new AbortController().signal);
  assert.deepEqual(proxy.models(), models);
});
