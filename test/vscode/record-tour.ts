// Makes docs/images/tour.webp: start, connect, ask, inspect, in the real workbench with the packaged extension and the real Claude Code. Only
// Lingma is simulated. Its frames are left in .cache/tour.
//   npm run animation
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fixedBrain } from '../../src/demo/brain.ts';
import { startSimulator } from '../../src/demo/simulator.ts';
import { installClients } from '../clients/installed-clients.ts';
import { Animation } from './animation.ts';
import { freePort } from './free-port.ts';
import { Host } from './host.ts';
import { installChromium } from './install-chromium.ts';
import { installCodeServer } from './install-code-server.ts';
import { packagedExtension } from './packaged-extension.ts';

const root = join(import.meta.dirname, '..', '..');
const question = 'What does this project do?';
const answer =
  'It serves the models of your own Lingma account to every client that speaks the APIs of OpenAI or Anthropic, on 127.0.0.1. ' +
  'README.md says how to start it.';

const codeServer = installCodeServer();
const browser = installChromium();
const clients = installClients();
for (const each of [codeServer, browser, clients]) if ('missing' in each) throw new Error(each.missing);
if (!('entry' in codeServer && 'path' in browser && 'bin' in clients))
  throw new Error('Something is missing.');

const simulator = await startSimulator({ brain: fixedBrain([{ text: answer }], { chunksPerSecond: 12 }) });
const host = new Host(codeServer, browser.path);
try {
  // Whoever has run Claude Code before is not welcomed again, and has said of this folder that it may be read.
  for (const name of ['.bashrc', '.profile']) {
    writeFileSync(join(simulator.home, name), `PATH="${clients.bin}:$PATH"\nPS1='$ '\n`);
  }
  const server = await host.startServer({
    extensions: [packagedExtension()],
    settings: { 'window.commandCenter': false, 'workbench.layoutControl.enabled': false },
    environment: {
      ...simulator.environment,
      LINGMA_PROXY_PORT: String(await freePort()),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      HTTP_PROXY: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
    },
  });
  const welcomed = {
    hasCompletedOnboarding: true,
    projects: { [server.workspace]: { hasTrustDialogAccepted: true } },
  };
  writeFileSync(join(simulator.home, '.claude.json'), JSON.stringify(welcomed));
  const settings = join(simulator.home, '.claude', 'settings.json');
  mkdirSync(dirname(settings), { recursive: true });
  writeFileSync(
    settings,
    `${JSON.stringify({ theme: 'dark', attribution: { commit: '', pr: '' } }, undefined, 2)}\n`,
  );

  const workbench = await host.openWorkbench(server);
  const { page } = workbench;
  await workbench.useTheme('dark');
  await page.setViewportSize({ width: 960, height: 720 });
  const film = new Animation(page);
  const claudeCode = workbench.treeItem('Clients', /Claude Code(?! in)/);
  const closeToasts = () => workbench.command('Notifications: Clear All Notifications');

  film.caption('1  Start the proxy');
  await workbench.openSideBar('Lingma Proxy');
  const start = workbench.view('Status').locator('.monaco-button', { hasText: 'Start' });
  await start.waitFor();
  await film.frame(1_200);
  await film.click(start);
  await workbench.statusBarItem('status').filter({ hasText: 'Lingma: remote API' }).waitFor();
  await workbench.treeItem('Models', 'Kimi').waitFor();
  await film.frame(2_000);
  await closeToasts();

  film.caption('2  Connect a client: the exact change is shown before it is written');
  await film.click(workbench.view('Clients').locator('.pane-header'), 700);
  await claudeCode.waitFor();
  await claudeCode.hover();
  const connect = claudeCode.locator('a.action-label[aria-label*="Connect"]');
  await film.click(connect);
  await page.locator('.monaco-diff-editor').getByText('ANTHROPIC_BASE_URL').first().waitFor();
  const write = workbench.quickInput.row('models of the running proxy');
  await write.waitFor();
  await film.frame(1_800);
  await film.click(write, 800);
  await workbench.notification('Claude Code is connected to').waitFor();
  await claudeCode.getByText('connected', { exact: true }).waitFor();
  await film.frame(1_800);
  await closeToasts();

  film.caption('3  Ask: Claude Code, answered by the models of your account');
  await workbench.view('Clients').locator('.pane-header').click();
  await workbench.command('Lingma Proxy: Open Claude Code in Terminal');
  await workbench.terminal.shows(/shift\+tab to cycle/, 90_000);
  await closeToasts();
  await film.frame(900);
  await page.locator('.terminal-wrapper.active .xterm-screen').click();
  for (let typed = 0; typed < question.length; typed += 5) {
    await page.keyboard.type(question.slice(typed, typed + 5));
    await workbench.terminal.shows(
      new RegExp(
        question
          .slice(0, typed + 5)
          .trim()
          .replaceAll('?', '\\?'),
      ),
    );
    await film.frame(160);
  }
  await film.frame(500);
  await page.keyboard.press('Enter');
  for (const part of [answer.slice(0, 40), answer.slice(-20)]) {
    await workbench.terminal.shows(new RegExp(part.slice(0, 12).replaceAll(/[^\w ]/g, '.')));
    await film.frame(500);
  }
  await workbench.treeItem('Recent Requests', 'Claude Code').waitFor();
  await film.frame(2_000);

  film.caption('4  Inspect: every request as a conversation, on the wires, by its times');
  await film.click(workbench.treeItem('Recent Requests', 'Claude Code'));
  await workbench.command('View: Toggle Panel Visibility');
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  const inspector = workbench.webview('editor');
  await inspector.locator('request-detail').waitFor();
  await page.waitForTimeout(500);
  await film.frame(2_000);
  for (const tab of ['Wire', 'Timing']) {
    const chosen = inspector.getByRole('tab', { name: tab });
    await film.click(chosen, 600);
    await page.waitForTimeout(300);
    await film.frame(1_800);
  }

  const file = join(root, 'docs', 'images', 'tour.webp');
  const bytes = await film.save(file);
  const folder = join(root, '.cache', 'tour');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [index, picture] of film.pictures().entries()) {
    writeFileSync(join(folder, `${String(index).padStart(2, '0')}.png`), picture);
  }
  console.log(`${film.pictures().length} frames, ${(bytes / 1e6).toFixed(2)} MB: ${file}`);
} catch (error) {
  console.error(await host.story('tour'));
  throw error;
} finally {
  await host.close();
  await simulator.close();
}
