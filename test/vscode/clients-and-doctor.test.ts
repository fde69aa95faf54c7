import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import type { Locator } from 'playwright-core';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { freePort } from './free-port.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Theme, Workbench } from './workbench.ts';

const original = '{\n  // Mine.\n  "theme": "dark"\n}\n';
const themes: readonly Theme[] = ['light', 'high-contrast', 'dark'];

describeOnHost('clients, doctor and exports in the workbench', (host) => {
  let simulator: Simulator;
  let workbench: Workbench;
  let port: number;

  before(async () => {
    simulator = await startSimulator();
    port = await freePort();
    mkdirSync(dirname(claudeSettings()), { recursive: true });
    writeFileSync(claudeSettings(), original);
    const server = await host.startServer({
      extensions: [packagedExtension()],
      environment: { ...simulator.environment, LINGMA_PROXY_PORT: String(port) },
    });
    workbench = await host.openWorkbench(server);
    await workbench.openSideBar('Lingma Proxy');
  });
  after(() => simulator.close());

  const claudeSettings = () => join(simulator.home, '.claude', 'settings.json');
  const secrets = () => [simulator.login.key, simulator.login.encryptUserInfo];

  const claudeCode = (): Locator => workbench.treeItem('Clients', /Claude Code(?! in)/);
  const diff = (): Locator => workbench.page.locator('.monaco-diff-editor');
  const report = (text: string): Locator =>
    workbench.page.locator('.editor-instance .view-line').filter({ hasText: text }).first();
  const button = (title: string): Locator =>
    workbench.page.locator('.codelens-decoration a').filter({ hasText: title }).first();

  async function unfoldClients(): Promise<void> {
    const header = workbench.view('Clients').locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
    await claudeCode().waitFor();
  }

  /** The dialog takes a name only when it has looked up its own. */
  async function saveAs(file: string, offered: string): Promise<void> {
    await workbench.page.waitForFunction(
      `document.querySelector('.quick-input-widget input')?.value.endsWith(${JSON.stringify(offered)})`,
    );
    await workbench.quickInput.answer(file);
  }

  test('the doctor says what is amiss on this computer, and the button of a finding does what helps', async () => {
    await workbench.command('Lingma Proxy: Run Doctor');
    await workbench.quickInput.opened('How far to look');
    await workbench.quickInput.choose('Look at this computer only');
    await report('no proxy runs there now').waitFor();
    await workbench.notification('Lingma Proxy Doctor').waitFor({ state: 'detached' });
    await workbench.screenshot('doctor-stopped');
    await button('Start').click();
    await workbench.statusBarItem('status').filter({ hasText: 'Lingma: remote API' }).waitFor();
  });

  test('with models asked, the doctor follows the chain to its end', async () => {
    await workbench.command('Lingma Proxy: Run Doctor');
    await workbench.quickInput.opened('How far to look');
    await workbench.quickInput.choose('Ask models, too');
    await report('Every link that was tried holds').waitFor();
    await workbench.notification('Lingma Proxy Doctor').waitFor({ state: 'detached' });
    for (const theme of themes) {
      await workbench.useTheme(theme);
      await workbench.screenshot(`doctor-${theme}`);
    }
  });

  test('connecting shows the exact change, and writes it when that is agreed to', async () => {
    await unfoldClients();
    await workbench.command('Lingma Proxy: Connect a Client');
    await workbench.quickInput.opened('Client to connect');
    await workbench.screenshot('connect-pick');
    await workbench.quickInput.choose(/Claude Code(?! in)/);
    await diff().getByText('ANTHROPIC_BASE_URL').first().waitFor();
    await workbench.quickInput.row('no effect while the file has comments').waitFor();
    assert.equal(readFileSync(claudeSettings(), 'utf8'), original, 'nothing is written before the answer');
    await workbench.screenshot('connect-diff');
    await workbench.quickInput.choose('no effect while the file has comments');
    await workbench
      .notification('Claude Code is connected to')
      .filter({ hasText: 'Take them out' })
      .waitFor();
    const written = readFileSync(claudeSettings(), 'utf8');
    assert.match(written, new RegExp(`"http://127\\.0\\.0\\.1:${port}"`));
    assert.match(written, /\/\/ Mine\./);
    await diff().waitFor({ state: 'detached' });
    await claudeCode().getByText('connected', { exact: true }).waitFor();
    for (const theme of themes) {
      await workbench.useTheme(theme);
      await workbench.screenshot(`clients-${theme}`);
    }
  });

  test('a change that is not agreed to is not made', async () => {
    const before = readFileSync(claudeSettings(), 'utf8');
    await workbench.command('Lingma Proxy: Disconnect a Client');
    await workbench.quickInput.choose(/Claude Code(?! in)/);
    await diff().waitFor();
    await workbench.quickInput.choose('nothing is changed');
    await diff().waitFor({ state: 'detached' });
    assert.equal(readFileSync(claudeSettings(), 'utf8'), before);
  });

  test('disconnecting in the view brings the very bytes back', async () => {
    await claudeCode().hover();
    await claudeCode().locator('a.action-label[aria-label*="Disconnect"]').click();
    await workbench.quickInput.choose('back to what was there before');
    await workbench.notification('Claude Code is as it was before').waitFor();
    assert.equal(readFileSync(claudeSettings(), 'utf8'), original);
    await claudeCode().getByText('connected', { exact: true }).waitFor({ state: 'detached' });
  });

  test('a model is tried from its context menu, and answers', async () => {
    await workbench.contextMenu(workbench.treeItem('Models', 'MiniMax-M2.7'), 'Test a Model');
    await workbench.notification(/mmodel answered in/).waitFor();
  });

  test('credentials are written for their owner alone, after a warning', async () => {
    const file = join(simulator.home, 'credentials.json');
    await workbench.command('Lingma Proxy: Export Credentials');
    const warning = workbench.dialog('This file is a password');
    await warning.waitFor();
    await workbench.screenshot('export-warning');
    await warning.getByRole('button', { name: 'Choose a File' }).click();
    await saveAs(file, 'lingma-credentials.json');
    await workbench.notification('/credentials.json was written').waitFor();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(readFileSync(file, 'utf8').includes(simulator.login.key), 'it is the login');
  });

  test('a warning that is not agreed to ends there', async () => {
    await workbench.command('Lingma Proxy: Export Server Bundle');
    await workbench.dialog('This file is a password').getByRole('button', { name: 'Cancel' }).click();
    assert.ok(!existsSync(join(simulator.home, 'lingma-proxy-server.zip')));
  });

  test('a server bundle holds all that a server needs', async () => {
    const file = join(simulator.home, 'bundle.zip');
    await workbench.command('Lingma Proxy: Export Server Bundle');
    await workbench.dialog('This file is a password').getByRole('button', { name: 'Choose a File' }).click();
    await saveAs(file, 'lingma-proxy-server.zip');
    await workbench.notification('/bundle.zip was written').waitFor();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const names = Object.keys(unzipSync(readFileSync(file)));
    for (const name of ['credentials.json', 'lingma-proxy.json', 'docker-compose.yml', 'README.md']) {
      assert.ok(
        names.some((each) => each.endsWith(name)),
        `${name} among ${names.join(', ')}`,
      );
    }
  });

  test('a feedback bundle holds what was asked, and no secret', async () => {
    const file = join(simulator.home, 'feedback.zip');
    await workbench.command('Lingma Proxy: Export Feedback Bundle');
    await workbench.quickInput.choose('All that is kept');
    await saveAs(file, 'lingma-proxy-feedback.zip');
    await workbench.notification('feedback.zip was written').waitFor();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const entries = Object.entries(unzipSync(readFileSync(file)));
    const text = entries.map(([name, bytes]) => `${name}\n${strFromU8(bytes)}`).join('\n');
    assert.match(text, /Say hello in one short sentence/);
    assert.match(text, /"id": "port\.ours"/);
    for (const secret of secrets()) assert.ok(!text.includes(secret), 'a secret is in the bundle');
  });
});
