import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { commands, extensions, window, workspace } from 'vscode';
import { z } from 'zod';
import { measurements } from './measurements.ts';

const health = z.object({
  service: z.literal('lingma-proxy'),
  state: z.object({ backend: z.string(), status: z.string() }),
});
const settings = () => workspace.getConfiguration('lingmaProxy');

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

async function stateOn(port: number) {
  const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
  return answer && health.parse(await answer.json()).state;
}

async function countOfRecords(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/debug/requests`);
  return z.object({ count: z.number() }).parse(await answer.json()).count;
}

/** Waits for what nothing announces. */
async function until(predicate: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await predicate())) {
    if (performance.now() > deadline) throw new Error(`waited 20 s in vain until ${what}`);
    await delay(5);
  }
}

suite('the proxy in the extension host', () => {
  let port: number;

  suiteSetup(async () => {
    await extensions.getExtension('lingma-proxy.lingma-proxy')?.activate();
    port = await freePort();
    await settings().update('port', port, true);
  });
  suiteTeardown(async () => {
    await settings().update('port', undefined, true);
    await settings().update('backend', undefined, true);
  });

  test('Start makes it listen where the setting says', async () => {
    const before = process.memoryUsage().rss;
    const started = performance.now();
    // It resolves only once its message has been answered, which nobody does here.
    void commands.executeCommand('lingmaProxy.start');
    await until(async () => (await stateOn(port)) !== undefined, 'it listens');
    measurements().push(
      { name: 'start to listening', value: performance.now() - started, unit: 'ms' },
      {
        name: 'memory added by the running proxy',
        value: (process.memoryUsage().rss - before) / 1e6,
        unit: 'MB',
      },
    );
    await until(async () => (await stateOn(port))?.status === 'ready', 'the models are known');
  });

  test('another backend needs no restart', async () => {
    await fetch(`http://127.0.0.1:${port}/v1/models`);
    await settings().update('backend', 'ipc', true);
    await until(async () => (await stateOn(port))?.backend === 'ipc', 'the other backend answers');
    assert.equal(await countOfRecords(port), 1, 'it is the same proxy');
  });

  test('another port does, and gets one by itself', async () => {
    const former = port;
    port = await freePort();
    await settings().update('port', port, true);
    await until(async () => (await stateOn(port)) !== undefined, 'it listens there');
    assert.equal(await stateOn(former), undefined);
  });

  test('a wrong value has no effect, and what is right has one as soon as all is', async () => {
    await fetch(`http://127.0.0.1:${port}/v1/models`);
    await settings().update('maxConcurrent', 'many', true);
    await settings().update('backend', 'remote', true);
    await settings().update('maxConcurrent', undefined, true);
    await until(async () => (await stateOn(port))?.backend === 'remote', 'the other backend answers');
    assert.equal(await countOfRecords(port), 1, 'it is the same proxy');
  });

  test('an opened folder cannot set a port', async () => {
    await assert.rejects(async () => settings().update('port', 1, false));
    assert.equal(settings().inspect('port')?.workspaceValue, undefined);
  });

  test('new terminals know the proxy once a person has asked for that', async () => {
    const file = join(tmpdir(), `terminal-environment-${process.pid}`);
    await settings().update('terminalEnvironment', true, true);
    await until(async () => {
      const terminal = window.createTerminal({ shellPath: '/bin/sh' });
      terminal.sendText(`echo "$ANTHROPIC_BASE_URL $OPENAI_BASE_URL" > ${file}; exit`);
      await new Promise<void>((resolve) => {
        const closed = window.onDidCloseTerminal(() => {
          closed.dispose();
          resolve();
        });
      });
      const url = `http://127.0.0.1:${port}`;
      return readFileSync(file, 'utf8').trim() === `${url} ${url}/v1`;
    }, 'a new terminal knows it');
    await settings().update('terminalEnvironment', undefined, true);
  });

  test('Restart comes back on the same port, and Stop frees it', async () => {
    await commands.executeCommand('lingmaProxy.restart');
    assert.ok(await stateOn(port));
    await commands.executeCommand('lingmaProxy.stop');
    assert.equal(await stateOn(port), undefined);
  });
});
