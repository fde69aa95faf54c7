import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import type { CodeServer } from './code-server.ts';
import { freePort } from './free-port.ts';
import { describeOnHost } from './host.ts';
import { recordMeasurement } from './measurements.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

describeOnHost('several windows', (host) => {
  let simulator: Simulator;
  let server: CodeServer;
  let url: string;
  let first: Workbench;
  let second: Workbench;
  let later: Workbench;
  /** The process of its own, once there is one. */
  let keptProcess = 0;

  before(async () => {
    simulator = await startSimulator();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = await host.startServer({
      extensions: [packagedExtension()],
      environment: { ...simulator.environment, LINGMA_PROXY_PORT: String(port) },
    });
    first = await host.openWorkbench(server);
  });
  after(async () => {
    if (keptProcess > 0 && isAlive(keptProcess)) process.kill(keptProcess, 'SIGKILL');
    await simulator.close();
  });

  const shows = (window: Workbench, text: string) =>
    window.statusBarItem('status').filter({ hasText: text }).waitFor();
  const status = (window: Workbench, text: string) => window.treeItem('Status', text);

  async function ask(): Promise<number> {
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'kmodel', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    await answer.text();
    return answer.status;
  }

  const answers = () =>
    fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );

  test('a second window attaches to the proxy of the first by itself', async () => {
    await first.command('Lingma Proxy: Start');
    await shows(first, 'Lingma: remote API');
    second = await first.openAnother();
    await shows(second, 'Lingma: remote API');
    for (const window of [first, second]) await window.openSideBar('Lingma Proxy');
    await status(second, 'Endpoint').filter({ hasText: url }).waitFor();
    await status(second, 'Runs in').filter({ hasText: 'another window' }).waitFor();
    await second.treeItem('Models', 'Kimi-K2.6').waitFor();
  });

  test('both show the same requests and the same sum of the day', async () => {
    assert.equal(await ask(), 200);
    for (const window of [first, second]) {
      await window.treeItem('Recent Requests', 'kmodel').filter({ hasText: 'tokens' }).waitFor();
      await status(window, 'Today').filter({ hasText: '1 request' }).waitFor();
    }
    await second.screenshot('attached-window');
  });

  test('the backend that the second switches to is the one of both', async () => {
    await second.command('Lingma Proxy: Switch Backend');
    for (const window of [first, second]) await shows(window, 'Lingma: local runtime');
    await second.command('Lingma Proxy: Switch Backend');
    for (const window of [first, second]) await shows(window, 'Lingma: remote API');
  });

  test('when the owner is closed, the other one has the same port', async (context) => {
    const began = performance.now();
    let lastAnswer = began;
    let longestGap = 0;
    await first.close();
    while (await status(second, 'Runs in').isVisible()) {
      const isThere = await answers();
      const now = performance.now();
      longestGap = Math.max(longestGap, now - lastAnswer);
      if (isThere) lastAnswer = now;
    }
    await shows(second, 'Lingma: remote API');
    await status(second, 'Endpoint').filter({ hasText: url }).waitFor();
    assert.equal(await ask(), 200);
    recordMeasurement(context, {
      name: 'takeover between windows, time without an answer',
      value: longestGap,
      unit: 'ms',
    });
  });

  test('Stop in an attached window stops it for all', async () => {
    first = await second.openAnother();
    await shows(first, 'Lingma: remote API');
    await first.openSideBar('Lingma Proxy');
    await status(first, 'Runs in').filter({ hasText: 'another window' }).waitFor();
    await first.command('Lingma Proxy: Stop');
    for (const window of [first, second]) await shows(window, 'Lingma: off');
    assert.equal(await answers(), false);
  });

  test('"Keep Running" moves it to a process of its own, which all windows attach to', async () => {
    await first.command('Lingma Proxy: Start');
    await shows(first, 'Lingma: remote API');
    await status(first, 'Runs in').waitFor({ state: 'detached' });
    await first.command('Lingma Proxy: Toggle Keep Running');
    await first.notification('keeps running when the last window is closed').waitFor();
    await shows(first, 'Lingma: remote API');
    await status(first, 'Runs in').filter({ hasText: 'a process of its own' }).waitFor();
    await first.screenshot('keeps-running');
    await second.command('Lingma Proxy: Start');
    await status(second, 'Runs in').filter({ hasText: 'a process of its own' }).waitFor();
    keptProcess = ownerOf(simulator);
    assert.ok(isAlive(keptProcess));
  });

  test('it answers when all windows are closed', async () => {
    for (const window of [first, second]) await window.close();
    assert.equal(await ask(), 200);
    assert.ok(isAlive(keptProcess));
  });

  test('a later window attaches to it, and Stop ends it', async () => {
    // The profile went with its last window, so this person has never started the proxy.
    later = await host.openWorkbench(server);
    await later.command('Lingma Proxy: Start');
    await shows(later, 'Lingma: remote API');
    await later.openSideBar('Lingma Proxy');
    await status(later, 'Runs in').filter({ hasText: 'a process of its own' }).waitFor();
    assert.equal(ownerOf(simulator), keptProcess);
    // Answered before this profile was there to count, one of them while no window was.
    await status(later, 'Today')
      .filter({ hasText: /[1-9]\d* requests?\b/ })
      .waitFor();
    await later.treeItem('Recent Requests', 'kmodel').waitFor();
    await later.command('Lingma Proxy: Stop');
    await shows(later, 'Lingma: off');
    while (isAlive(keptProcess)) await later.page.waitForTimeout(20);
    assert.equal(await answers(), false);
  });

  test('without the wish to keep it running, it moves back into a window', async () => {
    await later.command('Lingma Proxy: Start');
    await status(later, 'Runs in').filter({ hasText: 'a process of its own' }).waitFor();
    keptProcess = ownerOf(simulator);
    await later.command('Lingma Proxy: Toggle Keep Running');
    await later.notification('ends with the last window').waitFor();
    await status(later, 'Runs in').waitFor({ state: 'detached' });
    await shows(later, 'Lingma: remote API');
    while (isAlive(keptProcess)) await later.page.waitForTimeout(20);
    assert.notEqual(ownerOf(simulator), keptProcess);
    assert.equal(await ask(), 200);
  });
});

/** The process that has left word of owning the port, in the home folder that the windows have. */
function ownerOf({ home }: Simulator): number {
  const folder = join(home, '.local', 'state', 'lingma-proxy');
  const [name = 'none'] = readdirSync(folder).filter((each) => each.startsWith('owner-'));
  return JSON.parse(readFileSync(join(folder, name), 'utf8')).pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
