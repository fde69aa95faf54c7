import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import type { CodeServer } from './code-server.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

describeOnHost('the proxy in the workbench', (host) => {
  let simulator: Simulator;
  let server: CodeServer;
  let workbench: Workbench;
  let item: Locator;

  before(async () => {
    simulator = await startSimulator();
    server = await host.startServer({
      extensions: [packagedExtension()],
      environment: { ...simulator.environment, LINGMA_PROXY_PORT: String(await freePort()) },
    });
    workbench = await host.openWorkbench(server);
    item = workbench.statusBarItem('status');
  });
  after(() => simulator.close());

  const itemShows = (text: string) => item.filter({ hasText: text }).waitFor();
  const status = (label: string) => workbench.treeItem('Status', label);

  async function endpoint(): Promise<string> {
    const text = (await status('Endpoint').textContent()) ?? '';
    const url = /http:\/\/[\d.]+:\d+/.exec(text)?.[0];
    assert.ok(url, text);
    return url;
  }

  async function ask(text: string): Promise<Response> {
    const answer = await fetch(`${await endpoint()}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'kmodel', messages: [{ role: 'user', content: text }] }),
    });
    await answer.text();
    return answer;
  }

  test('it is off at first, and the side bar offers to start it', async () => {
    await itemShows('Lingma: off');
    await workbench.openSideBar('Lingma Proxy');
    await workbench.view('Status').getByText('Try with a Demo Runtime').waitFor();
    await workbench.screenshot('side-bar-off');
    await workbench.view('Status').locator('.monaco-button', { hasText: 'Start' }).click();
    await workbench.notification('It will start with VS Code from now on').waitFor();
    await itemShows('Lingma: remote API');
  });

  test('the models are listed with what they can do', async () => {
    await workbench.treeItem('Models', 'Kimi-K2.6').filter({ hasText: '256K · images' }).waitFor();
    await workbench.treeItem('Models', 'Qwen3.6-Plus').filter({ hasText: '1M' }).waitFor();
  });

  test('a request shows up in the list and in the sum of the day', async () => {
    assert.equal((await ask('Hello')).status, 200);
    await workbench.treeItem('Recent Requests', 'kmodel').filter({ hasText: 'tokens' }).waitFor();
    await status('Today').filter({ hasText: '1 request' }).waitFor();
    await workbench.screenshot('side-bar-running');
  });

  test('the hover of the status bar tells endpoint and login', async () => {
    const hover = await workbench.hover(item);
    const text = (await hover.textContent()) ?? '';
    assert.match(text, /127\.0\.0\.1:\d+/);
    assert.match(text, /Login/);
    await workbench.screenshot('status-bar-hover');
  });

  test('the first entry of the menu switches the backend without another start', async () => {
    const before = await endpoint();
    await item.click();
    await workbench.quickInput.opened('Lingma Proxy');
    assert.match(
      (await workbench.quickInput.rows.first().textContent()) ?? '',
      /Switch to the local runtime/,
    );
    await workbench.screenshot('menu');
    await workbench.quickInput.rows.first().click();
    await itemShows('Lingma: local runtime');
    await status('ws://127.0.0.1').waitFor();
    assert.equal(await endpoint(), before);
    assert.equal((await ask('Hello')).status, 200);
    assert.equal(simulator.ipc.prompts.length, 1);
    // Its own list has taken the place of the other one, which has no such group.
    await workbench.treeItem('Models', 'Assistant').waitFor();
  });

  test('a model becomes the default from its context menu', async () => {
    await workbench.contextMenu(workbench.treeItem('Models', 'Qwen3-Coder'), 'Set Default Model');
    await workbench.treeItem('Models', 'Qwen3-Coder').filter({ hasText: 'default' }).waitFor();
  });

  test('"Copy Endpoint URL" copies what the view shows', async () => {
    await workbench.command('Lingma Proxy: Copy Endpoint URL');
    await assertSoon(() => workbench.clipboard(), await endpoint());
  });

  test('the log is in an output channel', async () => {
    await workbench.command('Lingma Proxy: Show Log');
    await workbench.page
      .locator('.part.panel .view-lines .view-line')
      .filter({ hasText: 'POST' })
      .first()
      .waitFor();
    await workbench.screenshot('log');
  });

  test('after a reload it starts by itself, where clients know it', async () => {
    const before = await endpoint();
    await workbench.reload();
    await itemShows('Lingma: local runtime');
    assert.equal(await endpoint(), before);
  });

  test('the demo says that it is one, and Stop ends it', async () => {
    await workbench.command('Lingma Proxy: Try with a Demo Runtime');
    await itemShows('Lingma demo');
    await workbench.openSideBar('Lingma Proxy');
    await status('Demo').filter({ hasText: 'a simulated Lingma answers' }).waitFor();
    await workbench.screenshot('demo');
    await workbench.command('Lingma Proxy: Stop');
    await itemShows('Lingma: off');
  });

  async function assertSoon(read: () => Promise<string>, wanted: string): Promise<void> {
    const deadline = performance.now() + 5_000;
    while ((await read()) !== wanted && performance.now() < deadline) await workbench.page.waitForTimeout(50);
    assert.equal(await read(), wanted);
  }
});
