import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadSettings } from '../src/config/load-settings.ts';
import { english, inWords } from '../src/core/localizer.ts';
import { startSimulator } from '../src/demo/simulator.ts';
import { createProxy } from '../src/proxy.ts';
import { thisComputer } from '../src/runtime/computer.ts';
import { chinese, englishSentence } from './chinese-screen.ts';

describe('what the start says of the backend', () => {
  async function described(backend: 'remote' | 'ipc', hasRuntime = true, l10n = english) {
    const simulator = await startSimulator();
    const urls = { remoteUrl: simulator.remote.url, ipcUrl: simulator.ipc.url };
    const home = hasRuntime ? simulator.home : join(simulator.home, 'somebody-else');
    const env = hasRuntime ? simulator.environment : {};
    const computer = { ...thisComputer(), home, env };
    const argv = ['--port', '0', '--backend', backend];
    const { settings } = loadSettings({ argv, env, cwd: simulator.home, home });
    const proxy = createProxy(settings, { version: '0.0.0-test', computer });
    const lines = (await proxy.describe()).map((line) => inWords(line, l10n));
    await proxy.stop();
    await simulator.close();
    return { lines, home, ...urls };
  }

  test('remote: its address, and the file that the login came from', async () => {
    const { lines, remoteUrl, home } = await described('remote');
    assert.ok(lines[0]?.startsWith(`backend remote: ${remoteUrl} (`), lines[0]);
    assert.ok(lines[1]?.startsWith(`login from ${home}`), lines[1]);
  });

  test('remote without a login: what to do, in the reader’s language', async () => {
    const { lines } = await described('remote', false);
    assert.match(
      lines[1] ?? '',
      /^no login yet: There is no login of Lingma .* Open Lingma or QoderCN and sign in/,
    );
    const inChinese = await described('remote', false, chinese);
    assert.match(inChinese.lines[0] ?? '', /^后端 remote：.*（默认）$/);
    assert.match(inChinese.lines[1] ?? '', /^尚无登录：本机没有灵码或 QoderCN 的登录/);
    for (const line of inChinese.lines) assert.equal(englishSentence(line), undefined);
  });

  test('ipc: where the runtime listens, and which file named it', async () => {
    const { lines, ipcUrl, home } = await described('ipc');
    assert.ok(lines[0]?.startsWith(`backend ipc: ${ipcUrl} (${home}`), lines[0]);
    assert.equal(lines[1], 'login of the runtime itself');
  });

  test('ipc without a runtime: what to open', async () => {
    const { lines } = await described('ipc', false);
    assert.match(lines[0] ?? '', /^backend ipc: no runtime yet\. Open Lingma or QoderCN/);
  });
});
