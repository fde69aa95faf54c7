import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { FrameLocator, Locator } from 'playwright-core';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import type { CodeServer } from './code-server.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

describeOnHost('the request inspector in the workbench', (host) => {
  let simulator: Simulator;
  let server: CodeServer;
  let workbench: Workbench;
  let inspector: FrameLocator;

  before(async () => {
    simulator = await startSimulator();
    server = await host.startServer({
      extensions: [packagedExtension()],
      environment: { ...simulator.environment, LINGMA_PROXY_PORT: '0' },
    });
    workbench = await host.openWorkbench(server);
    inspector = workbench.webview('editor');
  });
  after(() => simulator.close());

  const rows = (text: string): Locator => inspector.locator('request-table .row').filter({ hasText: text });
  const tab = (name: string): Locator => inspector.getByRole('tab', { name, exact: true });

  async function ask(model: string, client: string): Promise<void> {
    const endpoint = (await workbench.treeItem('Status', 'Endpoint').textContent()) ?? '';
    const url = /http:\/\/[\d.]+:\d+/.exec(endpoint)?.[0];
    assert.ok(url, endpoint);
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': client },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  test('it offers to start the proxy, and lists what clients ask then, as they ask', async () => {
    await workbench.command('Lingma Proxy: Open Request Inspector');
    await inspector.getByText('there is nothing to inspect').waitFor();
    await workbench.openSideBar('Lingma Proxy');
    await inspector.getByRole('button', { name: 'Start' }).click();
    await inspector.getByText('No requests yet').waitFor();
    await ask('kmodel', 'curl/8.0');
    await rows('kmodel').filter({ hasText: 'curl' }).filter({ hasText: '200' }).waitFor();
    await ask('mmodel', 'curl/8.0');
    await rows('mmodel').waitFor();
  });

  test('a request that is clicked on in the side bar is shown in it', async () => {
    await workbench.treeItem('Recent Requests', 'kmodel').click();
    await inspector.locator('.row.selected').filter({ hasText: 'kmodel' }).waitFor();
    await inspector.locator('request-detail').waitFor();
    await workbench.screenshot('inspector-list');
  });

  test('a request is copied as curl from its menu', async () => {
    await rows('mmodel').click({ button: 'right' });
    await inspector.getByRole('menuitem', { name: 'Copy as curl' }).click();
    await inspector.getByRole('status').filter({ hasText: 'Copied' }).first().waitFor();
    const copied = await workbench.clipboard();
    assert.match(copied, /^curl[\s\S]*\/v1\/chat\/completions/);
    assert.match(copied, /mmodel/);
  });

  test('a replay is a request of its own, marked', async () => {
    await rows('mmodel').click({ button: 'right' });
    await inspector.getByRole('menuitem', { name: 'Replay' }).click();
    await inspector.locator('request-table .codicon-debug-rerun').waitFor();
    assert.equal(await rows('mmodel').count(), 2);
  });

  test('the overview counts them', async () => {
    await tab('Overview').click();
    await inspector.getByRole('table', { name: 'By model' }).getByRole('row').nth(1).waitFor();
    await workbench.screenshot('inspector-overview');
  });

  test('a name that is sent to a model in the inspector is answered by it', async () => {
    await tab('Models').click();
    await inspector.getByRole('button', { name: 'Send another name to Qwen3-Coder' }).click();
    await inspector.getByLabel('Name to send to Qwen3-Coder').fill('my-model');
    await workbench.page.keyboard.press('Enter');
    await inspector.getByRole('button', { name: 'Send my-model here no more' }).waitFor();
    assert.match(readFileSync(server.settingsFile, 'utf8'), /"my-model"/);
    await ask('my-model', 'curl/8.0');
    await tab('Requests').click();
    await rows('my-model → dashscope_qwen3_coder').waitFor();
  });

  test('a model is tried, and becomes the default', async () => {
    await tab('Models').click();
    await inspector.getByRole('button', { name: 'Try MiniMax-M2.7' }).click();
    await inspector.getByRole('button', { name: 'Ask', exact: true }).click();
    await inspector.getByRole('link', { name: 'Show the request' }).waitFor();
    await inspector.getByRole('button', { name: 'Let MiniMax-M2.7 answer by default' }).click();
    await workbench.treeItem('Models', 'MiniMax-M2.7').filter({ hasText: 'default' }).waitFor();
    await inspector.getByRole('button', { name: 'Answers by default' }).waitFor();
    await workbench.screenshot('inspector-models');
  });

  test('it is as it was after another editor hid it, and after the window was loaded anew', async () => {
    await tab('Requests').click();
    await inspector.getByRole('searchbox').fill('mmodel');
    await rows('kmodel').first().waitFor({ state: 'detached' });
    await workbench.command('File: New Untitled Text File');
    await inspector.locator('request-table').waitFor({ state: 'detached' });
    await workbench.page.getByRole('tab', { name: 'Request Inspector' }).click();
    await rows('mmodel').first().waitFor();
    assert.equal(await inspector.getByRole('searchbox').inputValue(), 'mmodel');
    // As a person does it: VS Code then saves what its editors hold.
    const loaded = workbench.page.waitForEvent('load');
    await workbench.command('Developer: Reload Window');
    await loaded;
    await rows('mmodel').first().waitFor();
    assert.equal(await inspector.getByRole('searchbox').inputValue(), 'mmodel');
  });
});
