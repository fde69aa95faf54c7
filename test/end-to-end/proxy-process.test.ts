import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { runClient } from '../clients/client-run.ts';
import { startProxyProcess } from '../clients/proxy-process.ts';

// The built command line as a process of its own. `npm run build` comes before.

const cli = process.env['LINGMA_TEST_CLI'] ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;
const version = readFileSync(join(import.meta.dirname, '..', '..', 'VERSION'), 'utf8').trim();

describe('the command line', () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator();
  });
  after(async () => {
    assert.deepEqual(simulator.violations, []);
    await simulator.close();
  });

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runClient(node, [cli, ...args], { cwd: simulator.home, env: { ...simulator.environment, ...env } });

  test('--version and --help print and end with 0', async () => {
    assert.deepEqual(pick(await run(['--version'])), { code: 0, stdout: `${version}\n`, stderr: '' });
    const { code, stdout, stderr } = await run(['--help']);
    assert.deepEqual([code, stderr], [0, '']);
    for (const flag of ['--backend', '--remote-fallback-models', '--warmup-timeout', '--demo']) {
      assert.ok(stdout.includes(flag), flag);
    }
  });

  test('a wrong setting ends with 2 and names the key, where it came from and what is allowed', async () => {
    const flag = await run(['--port', 'many']);
    assert.equal(flag.code, 2);
    assert.match(flag.stderr, /--port.*"many".*65,?535/s);
    const variable = await run(['--port', '0'], { LINGMA_PROXY_BACKEND: 'cloud' });
    assert.equal(variable.code, 2);
    assert.match(variable.stderr, /LINGMA_PROXY_BACKEND.*"cloud".*remote.*ipc/s);
    assert.equal((await run(['--no-such-flag'])).code, 2);
  });

  const start = async (context: TestContext, args: readonly string[] = []) => {
    const proxy = await startProxyProcess(args, simulator.environment);
    context.after(() => proxy.stop());
    return proxy;
  };

  test('a taken port ends with 1 and says who holds it', async (context) => {
    const other = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const foreign = await run(['--port', String(port)]);
    other.close();
    assert.equal(foreign.code, 1);
    assert.match(foreign.stderr, new RegExp(`Port ${port} .*taken by .*(?:${process.pid}|another program)`));

    const first = await start(context);
    const second = await run(['--port', new URL(first.url).port]);
    await first.stop();
    assert.equal(second.code, 1);
    assert.match(second.stderr, /another Lingma Proxy/);
  });

  test('the start says where it listens, then backend, endpoint and where the login came from', async (context) => {
    const proxy = await start(context);
    await eventually(() => proxy.output().includes('login from'));
    assert.equal(await proxy.stop(), 0);
    const lines = proxy.output().split('\n');
    const listening = lines.indexOf(`listening on ${proxy.url}`);
    const backend = lines.findIndex(
      (line) => /^backend remote: http/.test(line) && line.includes(simulator.remote.url),
    );
    const login = lines.findIndex((line) => line.includes(simulator.loginRoot));
    assert.ok(listening !== -1 && listening < backend && backend < login, proxy.output());
  });

  test('clients that retry go through a restart of the proxy without noticing', async (context) => {
    simulator.setBrain(() => ({ parts: [{ text: 'Back again' }] }));
    const first = await start(context);
    const { port } = new URL(first.url);
    const openai = new OpenAI({ baseURL: `${first.url}/v1`, apiKey: 'any', maxRetries: 8 });
    const anthropic = new Anthropic({ baseURL: first.url, apiKey: 'any', maxRetries: 8 });
    await openai.models.list();
    await first.stop();
    const answers = Promise.all([
      openai.responses.create({ model: 'kmodel', input: 'Hello' }),
      anthropic.messages.create({
        model: 'kmodel',
        max_tokens: 10,
        messages: [{ role: 'user', content: 'Hello' }],
      }),
    ]);
    const second = await start(context, ['--port', port]);
    const [response, message] = await answers;
    assert.equal(response.output_text, 'Back again');
    assert.deepEqual(
      message.content.map((block) => (block.type === 'text' ? block.text : '')),
      ['Back again'],
    );
    assert.equal(await second.stop(), 0);
  });

  test('requests sent ahead on a connection that breaks all give their places back', async (context) => {
    simulator.setBrain(() => ({ parts: [{ text: 'And so on. '.repeat(20_000) }], chunksPerSecond: 200 }));
    const proxy = await start(context);
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    const messages = [{ role: 'user', content: 'Hello' }];
    const body = JSON.stringify({ model: 'kmodel', stream: true, messages });
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}`;
    socket.write(`${head}\r\n\r\n${body}`.repeat(3));
    await simulator.until(() => simulator.remote.openRequests === 3, 'all three are answered at once');
    socket.destroy();
    await simulator.until(() => simulator.remote.openRequests === 0, 'none is answered any more');
    const health = await fetch(`${proxy.url}/health`);
    const { state } = (await health.json()) as { state: { running: number } };
    assert.equal(state.running, 0);
    assert.equal(await proxy.stop(), 0);
  });
});

function pick({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }) {
  return { code, stdout, stderr };
}

async function eventually(predicate: () => boolean): Promise<void> {
  while (!predicate()) await new Promise((resolve) => setTimeout(resolve, 10));
}
