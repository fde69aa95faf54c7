import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

/** Stands for Claude Code: says where it was led. */
const claude = '#!/bin/sh\necho "asks $ANTHROPIC_BASE_URL for $ANTHROPIC_MODEL, key [$ANTHROPIC_API_KEY]"\n';

describeOnHost('first steps in the workbench', (host) => {
  let simulator: Simulator;
  let holder: Server;
  let workbench: Workbench;
  let port: number;

  before(async () => {
    simulator = await startSimulator();
    writeFileSync(join(simulator.home, 'claude'), claude);
    chmodSync(join(simulator.home, 'claude'), 0o755);
    // A login shell sets a path of its own.
    for (const name of ['.bashrc', '.profile']) {
      writeFileSync(join(simulator.home, name), 'PATH="$HOME:$PATH"\n');
    }
    holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    const server = await host.startServer({
      extensions: [packagedExtension()],
      environment: {
        ...simulator.environment,
        ANTHROPIC_API_KEY: 'of-another-service',
        LINGMA_PROXY_PORT: String(taken),
      },
    });
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

  test('Claude Code runs in a terminal that leads it to the proxy', async () => {
    await workbench.command('Lingma Proxy: Open Claude Code in Terminal');
    await workbench.terminal.shows(/asks http:\/\/127\.0\.0\.1:\d+ for kmodel, key \[\]/);
    await workbench.screenshot('claude-code-terminal');
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
