import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import type { CodeServer } from './code-server.ts';
import { type FixtureExtension, fixtureExtension } from './fixture-extension.ts';
import { freePort } from './free-port.ts';
import { describeOnHost } from './host.ts';
import { ask, Load, slowQuestion, steadyBrain } from './load.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

const program = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
const original = '{\n  // Mine.\n  "theme": "dark"\n}\n';
const blocker = 'const end = Date.now() + 2_000; while (Date.now() < end);';

describeOnHost('the proxy in a workbench that fails around it', (host) => {
  let simulator: Simulator;
  let blocking: FixtureExtension;
  let server: CodeServer;
  let url: string;
  let first: Workbench;
  let second: Workbench;

  before(async () => {
    simulator = await startSimulator({ brain: steadyBrain });
    blocking = fixtureExtension('blocker', 'Fixture: Block the Host', blocker);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = await host.startServer({
      extensions: [packagedExtension(), blocking.path],
      environment: { ...simulator.environment, LINGMA_PROXY_PORT: String(port) },
      settings: { 'lingmaProxy.terminalEnvironment': true },
    });
    first = await host.openWorkbench(server);
    await first.command('Lingma Proxy: Start');
    await shows(first, 'Lingma: remote API');
  });
  after(async () => {
    blocking.remove();
    await simulator.close();
  });

  const shows = (window: Workbench, text: string) =>
    window.statusBarItem('status').filter({ hasText: text }).waitFor();
  const stateFolder = () => join(simulator.home, '.local', 'state', 'lingma-proxy');
  const ownerFiles = () => readdirSync(stateFolder()).filter((name) => name.startsWith('owner-'));
  const claudeSettings = () => join(simulator.home, '.claude', 'settings.json');

  /** Clients that ask as long as a test goes on. */
  function loadOf(clients: number, context: TestContext): Load {
    const load = new Load(url, clients);
    context.after(() => load.stop());
    return load;
  }

  /** The command line, as of an installation of its own. */
  function commandLine(...args: readonly string[]): void {
    const env = { ...simulator.environment, PATH: process.env['PATH'], LINGMA_PROXY_PORT: new URL(url).port };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      env,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout + stderr);
  }

  /** Sees to it that a new terminal is led to this address, or to none. It is ended: a reload would bring it back as it was. */
  async function assertTerminals(address: string): Promise<void> {
    await first.command('Terminal: Create New Terminal');
    await first.terminal.run('echo "[$OPENAI_BASE_URL]"');
    await first.terminal.shows(`[${address}]`);
    await first.terminal.run('exit');
    await first.terminal.gone();
  }

  async function untilRefused(): Promise<void> {
    for (let wait = 0; wait < 300; wait++) {
      if ((await ask(url, 'question-last')) === 'unsent') return;
      await delay(100);
    }
    assert.fail('the port is still open');
  }

  test('streams come through whole while another extension blocks the host for two seconds', async (context) => {
    const load = loadOf(8, context);
    await load.more(4);
    for (let times = 0; times < 2; times++) {
      await first.command('Fixture: Block the Host');
      await load.more(16);
    }
    await load.stop();
    assert.equal(load.count('whole'), load.outcomes.length, load.outcomes.join());
    await shows(first, 'Lingma: remote API');
  });

  test('a reload finishes the answers that run, and tells the clients of those that take too long', async (context) => {
    const load = loadOf(8, context);
    await load.more(8);
    const long = ask(url, slowQuestion);
    await simulator.until(() => simulator.remote.requests.some(({ body }) => isAbout(body, slowQuestion)));
    await first.reload();
    await shows(first, 'Lingma: remote API');
    await load.more(16);
    await load.stop();
    assert.equal(await long, 'told');
    assert.equal(load.count('broken'), 0, load.outcomes.join());
  });

  test('under load, another window takes over: what has begun is finished, and nothing is lost', async (context) => {
    second = await first.openAnother();
    await shows(second, 'Lingma: remote API');
    const load = loadOf(16, context);
    await load.more(16);
    await first.close();
    await load.more(32);
    await load.stop();
    await second.openSideBar('Lingma Proxy');
    await second.treeItem('Status', 'Runs in').waitFor({ state: 'detached' });
    await shows(second, 'Lingma: remote API');
    assert.equal(load.count('broken'), 0, load.outcomes.join());
    assert.equal(ownerFiles().length, 1);
    first = second;
  });

  test('disabled, it leaves neither port nor file nor variables of terminals', async () => {
    await assertTerminals(`${url}/v1`);
    await first.command('Extensions: Disable All Installed Extensions');
    await first.reload();
    await untilRefused();
    await first.statusBarItem('status').waitFor({ state: 'detached' });
    assert.deepEqual(ownerFiles(), []);
    await assertTerminals('');
  });

  test('enabled again, it answers where its clients look for it', async () => {
    await first.command('Extensions: Enable All Extensions');
    await first.reload();
    await shows(first, 'Lingma: remote API');
    assert.equal(await ask(url, 'question-again'), 'whole');
  });

  test('uninstalled, it is gone with the next reload, and a client can still be brought back to what it was', async () => {
    mkdirSync(dirname(claudeSettings()), { recursive: true });
    writeFileSync(claudeSettings(), original);
    commandLine('connect', 'claude-code', '--yes');
    server.uninstall('lingma-proxy.lingma-proxy');
    await first.reload();
    await untilRefused();
    await first.statusBarItem('status').waitFor({ state: 'detached' });
    assert.deepEqual(ownerFiles(), []);
    await assertTerminals('');
    assert.match(readFileSync(claudeSettings(), 'utf8'), /127\.0\.0\.1/);
    assert.ok(existsSync(join(stateFolder(), 'connections', 'claude-code.json')));
    commandLine('disconnect', 'claude-code', '--yes');
    assert.equal(readFileSync(claudeSettings(), 'utf8'), original);
    assert.ok(!existsSync(join(stateFolder(), 'connections')));
  });
});

function isAbout(body: unknown, question: string): boolean {
  return JSON.stringify(body ?? null).includes(question);
}
