import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Theme, Workbench } from './workbench.ts';

const themes: readonly Theme[] = ['dark', 'high-contrast', 'high-contrast-light', 'light'];

describeOnHost('the walkthrough', (host) => {
  let simulator: Simulator;
  let workbench: Workbench;

  before(async () => {
    simulator = await startSimulator();
    const server = await host.startServer({
      extensions: [packagedExtension()],
      settings: { 'chat.disableAIFeatures': false },
      environment: { ...simulator.environment, LINGMA_PROXY_PORT: '0' },
    });
    workbench = await host.openWorkbench(server);
  });
  after(() => simulator.close());

  const walkthrough = () => workbench.page.locator('.gettingStartedContainer');
  const picture = () =>
    workbench.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame').locator('svg');
  const step = (title: string) => walkthrough().locator('button.getting-started-step', { hasText: title });
  const isDone = (title: string) => step(title).locator('.codicon-getting-started-step-checked').waitFor();
  const click = (label: string) => walkthrough().locator('.monaco-button', { hasText: label }).click();

  test('the side bar leads to it, and it has a step for each thing to do', async () => {
    await workbench.openSideBar('Lingma Proxy');
    await workbench.view('Status').getByText('first steps').click();
    // It is there once the extension has found that the editor has a chat.
    await step('Chat in VS Code').waitFor();
    const titles = await walkthrough().locator('.getting-started-step .step-title').allTextContents();
    assert.deepEqual(titles, [
      'Start the proxy',
      'Connect a client',
      'Open Claude Code',
      'Chat in VS Code',
      'Look at the requests',
    ]);
    await picture().waitFor();
    await workbench.screenshot('walkthrough-start');
  });

  test('its pictures are in the colours of the theme', async () => {
    const text = () => picture().locator('text').first();
    const color = () =>
      text().evaluate((element) => String(Reflect.get(globalThis, 'getComputedStyle')(element).fill));
    const seen = new Set<string>();
    for (const theme of themes) {
      await workbench.useTheme(theme);
      // The window follows a little later, and no two of these themes write in one colour.
      while (seen.has(await color())) await workbench.page.waitForTimeout(20);
      seen.add(await color());
      await workbench.screenshot(`walkthrough-${theme}`);
    }
    assert.ok(seen.has('rgb(255, 255, 255)'), [...seen].join());
  });

  test('each step has a picture of its own', async () => {
    const pictures = new Set<string>();
    for (const title of ['Connect a client', 'Open Claude Code', 'Chat in VS Code', 'Look at the requests']) {
      const before = await picture().innerHTML();
      await step(title).click();
      while ((await picture().innerHTML()) === before) await workbench.page.waitForTimeout(20);
      pictures.add(await picture().innerHTML());
      await workbench.screenshot(`walkthrough-${title.replaceAll(' ', '-').toLowerCase()}`);
    }
    assert.equal(pictures.size, 4);
  });

  test('a step is done as soon as what it is about has happened', async () => {
    await step('Open Claude Code').click();
    await click('Open Claude Code in Terminal');
    // It starts the proxy first, and does not wait for anybody to close the message about that.
    await workbench.page.locator('.part.panel').getByText('Claude Code').first().waitFor();
    await isDone('Open Claude Code');
    await isDone('Start the proxy');
    await step('Connect a client').click();
    await click('Copy Endpoint URL');
    await isDone('Connect a client');
    await step('Chat in VS Code').click();
    await click('Open Chat');
    await isDone('Chat in VS Code');
    await step('Look at the requests').click();
    await click('Show Recent Requests');
    await isDone('Look at the requests');
  });
});
