import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { fixedBrain } from '../../src/demo/brain.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { installClients } from '../clients/installed-clients.ts';
import { addToTerminals, claudeCodeEnvironment, knowClaudeCode } from './claude-code-user.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

describeOnHost('first steps in the workbench', (host) => {
  const clients = installClients();
  let simulator: Simulator;
  let holder: Server;
  let workbench: Workbench;
  let port: number;

  before(async () => {
    simulator = await startSimulator();
    if ('bin' in clients) addToTerminals(simulator.home, clients.bin);
    holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    const server = await host.startServer({
      extensions: [packagedExtension()],
      environment: {
        ...simulator.environment,
        ANTHROPIC_API_KEY: 'of-another-service',
        ...claudeCodeEnvironment,
        LINGMA_PROXY_PORT: String(taken),
      },
    });
    knowClaudeCode(simulator.home, server.workspace);
    workbench = await host.openWorkbench(server);
  });
  after(async () => {
    holder.close();
    await simulator.close();
  });

  const statusBarShows = (text: string) =>
    workbench.statusBarItem('status').filter({ hasText: text }).waitFor();

  test('a port that is taken is explained, and another one is a click away', async () => {
    await workbench.command('Lingma Proxy: Start');
    const toast = workbench.notification('is taken by');
    await toast.waitFor();
    await statusBarShows('Lingma: not started');
    await workbench.screenshot('port-taken');
    const button = toast.getByRole('button', { name: /Use Port/ });
    port = Number(/\d+/.exec((await button.textContent()) ?? '')?.[0]);
    await button.click();
    await statusBarShows('Lingma: remote API');
  });

  const skip = 'missing' in clients ? clients.missing : false;
  test('Claude Code in a terminal is answered by the proxy', { skip }, async () => {
    simulator.setBrain(fixedBrain([{ text: 'Good day from Lingma.' }]));
    await workbench.command('Lingma Proxy: Open Claude Code in Terminal');
    // It is a large program, and the machine may have more to do.
    await workbench.terminal.shows(/shift\+tab to cycle/, 90_000);
    await workbench.terminal.say('Hello');
    await workbench.terminal.shows(/Good day from Lingma\./);
    await workbench.openSideBar('Lingma Proxy');
    await workbench.treeItem('Recent Requests', 'kmodel').filter({ hasText: 'Claude Code' }).waitFor();
    await workbench.screenshot('claude-code-terminal');
    assert.deepEqual(simulator.violations, []);
  });

  test('a key that is set is asked of clients, once the proxy has restarted for it', async () => {
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`http://127.0.0.1:${port}/v1/models`, { headers }).catch(() => undefined))?.status;
    assert.equal(await ask({}), 200);
    await workbench.command('Lingma Proxy: Set API Key');
    await workbench.quickInput.opened('API key that clients have to send');
    await workbench.quickInput.answer('a-key-of-my-own');
    while ((await ask({})) !== 401) await workbench.page.waitForTimeout(20);
    assert.equal(await ask({ authorization: 'Bearer a-key-of-my-own' }), 200);
  });
});
