import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fixedBrain } from '../../src/demo/brain.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { installClients } from '../clients/installed-clients.ts';
import { addToTerminals, claudeCodeEnvironment, knowClaudeCode } from './claude-code-user.ts';
import { freePort } from './free-port.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

/** What somebody presses and reads who does no more than the README of their language says. */
interface Walk {
  readonly language: 'en' | 'zh-cn';
  readonly start: string;
  readonly started: string;
  readonly connect: string;
  readonly question: string;
  readonly yes: string;
  readonly connected: string;
  readonly status: string;
  readonly requests: string;
  readonly stop: string;
  readonly stopped: string;
}

const walks: readonly Walk[] = [
  {
    language: 'en',
    start: 'Start',
    started: 'Lingma: remote API',
    connect: 'Lingma Proxy: Connect a Client',
    question: 'Client to connect',
    yes: 'models of the running proxy',
    connected: 'Claude Code is connected to',
    status: 'Status',
    requests: 'Recent Requests',
    stop: 'Lingma Proxy: Stop',
    stopped: 'Lingma: off',
  },
  {
    language: 'zh-cn',
    start: '启动',
    started: 'Lingma：远程 API',
    connect: 'Lingma Proxy: 连接客户端',
    question: '要连接的客户端',
    yes: '使用运行中的代理的模型列表',
    connected: 'Claude Code 已连接到',
    status: '状态',
    requests: '最近的请求',
    stop: 'Lingma Proxy: 停止',
    stopped: 'Lingma：已停止',
  },
];

for (const walk of walks) walkAlong(walk);

function walkAlong(words: Walk): void {
  describeOnHost(`a new user whose editor speaks ${words.language}`, (host) => {
    const clients = installClients();
    let simulator: Simulator;
    let workbench: Workbench;
    let port: number;

    before(async () => {
      simulator = await startSimulator({ brain: fixedBrain([{ text: 'Good day from Lingma. 你好。' }]) });
      if ('bin' in clients) addToTerminals(simulator.home, clients.bin);
      port = await freePort();
      const server = await host.startServer({
        extensions: [packagedExtension()],
        language: words.language,
        environment: {
          ...simulator.environment,
          ...claudeCodeEnvironment,
          NO_PROXY: '127.0.0.1',
          LINGMA_PROXY_PORT: String(port),
        },
      });
      knowClaudeCode(simulator.home, server.workspace);
      workbench = await host.openWorkbench(server);
    });
    after(() => simulator.close());

    const shows = (text: string) => workbench.statusBarItem('status').filter({ hasText: text }).waitFor();
    const picture = (name: string) => workbench.screenshot(`new-user-${name}-${words.language}`);

    test('opens Lingma Proxy in the activity bar and presses Start', async () => {
      await workbench.openSideBar('Lingma Proxy');
      const start = workbench
        .view(words.status)
        .locator('.monaco-button')
        .getByText(words.start, { exact: true });
      await start.waitFor();
      await picture('welcome');
      await start.click();
      await shows(words.started);
      await workbench.treeItem(words.status, `127.0.0.1:${port}`).waitFor();
      await picture('started');
    });

    test('connects Claude Code after a look at the change', async () => {
      await workbench.command(words.connect);
      await workbench.quickInput.opened(words.question);
      await picture('clients');
      await workbench.quickInput.choose(/^(?!.*VS Code).*Claude Code/);
      await workbench.page.locator('.monaco-diff-editor').getByText('ANTHROPIC_BASE_URL').first().waitFor();
      await workbench.quickInput.row(words.yes).waitFor();
      await picture('change');
      await workbench.quickInput.choose(words.yes);
      await workbench.notification(words.connected).waitFor();
      await picture('connected');
      const settings = join(simulator.home, '.claude', 'settings.json');
      assert.ok(readFileSync(settings, 'utf8').includes(`"http://127.0.0.1:${port}"`));
    });

    const skip = 'missing' in clients ? clients.missing : false;
    test('types claude into a terminal, asks, and sees the request in the side bar', { skip }, async () => {
      await workbench.command('Terminal: Create New Terminal');
      await workbench.terminal.run('claude');
      // It is a large program, and the machine may have more to do.
      await workbench.terminal.shows(/shift\+tab to cycle/, 90_000);
      await workbench.terminal.say('Hello');
      await workbench.terminal.shows(/Good day from Lingma\./);
      await workbench.treeItem(words.requests, 'Claude Code').waitFor();
      await picture('answered');
      await workbench.resize('narrow');
      await picture('answered-narrow');
      await workbench.resize('wide');
      assert.deepEqual(simulator.violations, []);
    });

    test('stops it, and nothing answers any more', async () => {
      await workbench.command(words.stop);
      await shows(words.stopped);
      await assert.rejects(fetch(`http://127.0.0.1:${port}/health`));
      assert.ok(existsSync(join(simulator.home, '.claude', 'settings.json')), 'clients’ files are their own');
    });
  });
}
