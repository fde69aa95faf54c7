import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
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

  const row = (text: string) => inspector.locator('request-table .row').filter({ hasText: text });

  async function ask(text: string, client = 'curl/8.0'): Promise<void> {
    const endpoint = (await workbench.treeItem('Status', 'Endpoint').textContent()) ?? '';
    const url = /http:\/\/[\d.]+:\d+/.exec(endpoint)?.[0];
    assert.ok(url, endpoint);
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': client },
      body: JSON.stringify({ model: 'kmodel', messages: [{ role: 'user', content: text }] }),
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  test('it offers to start the proxy, and lists what a client asks then', async () => {
    await workbench.command('Lingma Proxy: Open Request Inspector');
    await inspector.getByText('there is nothing to inspect').waitFor();
    await workbench.openSideBar('Lingma Proxy');
    await inspector.getByRole('button', { name: 'Start' }).click();
    await inspector.getByText('No requests yet').waitFor();
    await ask('Hello');
    await row('kmodel').first().waitFor();
  });
  test('themes', async () => {
    const { writeFileSync } = await import('node:fs');
    await ask('Hello again', 'codex_cli_rs/0.50');
    for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] as const) {
      await workbench.useTheme(theme);
      await workbench.page.waitForTimeout(1500);
      const dump = await inspector.locator('html').evaluate((h: any) => ({
        style: h.style.cssText,
        cls: h.ownerDocument.body.className,
        defaults: [...h.ownerDocument.querySelectorAll('style')].map((s: any) => s.textContent),
      }));
      writeFileSync(`/tmp/theme-${theme}.json`, JSON.stringify(dump));
      await workbench.screenshot('inspector-wb-' + theme);
    }
    console.log(workbench.errors().slice(-10));
  });
});
