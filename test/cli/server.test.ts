import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { unzipSync } from 'fflate';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { runClient } from '../clients/client-run.ts';
import { startProxyProcess } from '../clients/proxy-process.ts';
import { assertPrivate, unlessPosix } from '../toolchain/posix.ts';

// The built command line, as on a server. `npm run build` comes before.
const cli = process.env['LINGMA_TEST_CLI'] ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;

let simulator: Simulator;
let folder: string;
before(async () => {
  simulator = await startSimulator();
  folder = mkdtempSync(join(tmpdir(), 'lingma-server-'));
});
after(async () => {
  assert.deepEqual(simulator.violations, []);
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runClient(node, [cli, ...args], { cwd: folder, env: { ...simulator.environment, ...env } });

/** An empty home folder, from which nothing of the simulated Lingma can be found. */
function emptyHome(name: string) {
  const home = join(folder, name);
  mkdirSync(home);
  return { HOME: home, USERPROFILE: home };
}

const question = { model: 'kmodel', messages: [{ role: 'user', content: 'Hello' }] };

async function ask(url: string, key: string, body: object = question): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
}

describe('exports', () => {
  test('the exported login serves requests where there is no other', async (t) => {
    const exported = await run(['--export-remote-auth', 'credentials.json']);
    assert.equal(exported.code, 0, exported.stderr);
    const file = join(folder, 'credentials.json');
    assert.match(exported.stderr, /!{50}.*THIS FILE IS A PASSWORD.*!{50}/s);
    assertPrivate(file);
    const { key } = simulator.login;
    assert.ok(readFileSync(file, 'utf8').includes(key));
    assert.ok(!`${exported.stdout}${exported.stderr}`.includes(key));

    const proxy = await startProxyProcess(['--remote-auth-file', file], {
      ...emptyHome('plain'),
      LINGMA_REMOTE_BASE_URL: simulator.remote.url,
    });
    t.after(() => proxy.stop());
    assert.equal((await ask(proxy.url, 'any')).status, 200);
  });

  test('the unpacked bundle serves requests in an empty home, to who has its key', async (t) => {
    const exported = await run(['--export-server-bundle', 'bundle.zip']);
    assert.equal(exported.code, 0, exported.stderr);
    const home = emptyHome('bundle');
    const zip = readFileSync(join(folder, 'bundle.zip'));
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      writeFileSync(join(home.HOME, name), bytes, { mode: 0o600 });
    }
    const proxy = await startProxyProcess(['--config', join(home.HOME, 'lingma-proxy.json')], home);
    t.after(() => proxy.stop());
    const key = readFileSync(join(home.HOME, 'api-key'), 'utf8').trim();
    assert.equal((await ask(proxy.url, 'a-guess')).status, 401);
    const answered = await ask(proxy.url, key);
    assert.equal(answered.status, 200);
    assert.match(await answered.text(), /"content":"[^"]+"/);
    assert.equal(await proxy.stop(), 0);
    assert.ok(!proxy.output().includes(key));
  });

  test('a file is replaced only when that is asked for', async () => {
    const file = join(folder, 'mine.json');
    writeFileSync(file, 'mine');
    const refused = await run(['--export-remote-auth', 'mine.json']);
    assert.deepEqual([refused.code, readFileSync(file, 'utf8')], [1, 'mine']);
    assert.match(refused.stderr, /--overwrite/);
    assert.equal((await run(['--export-remote-auth', 'mine.json', '--overwrite'])).code, 0);
    assert.match(readFileSync(file, 'utf8'), /cosy_key/);
  });

  test('without a login there is nothing to export, and the exit code says so', async () => {
    const { code, stderr } = await run(['--export-remote-auth', 'none.json'], emptyHome('nobody'));
    assert.equal(code, 1);
    assert.match(stderr, /no login of Lingma or QoderCN/);
    assert.equal((await run(['--export-remote-auth'])).code, 2);
  });
});

describe('headless', () => {
  test('an address that others can reach without a key ends with 2 and says what to do', async () => {
    const { code, stderr } = await run(['--host', '0.0.0.0', '--port', '0']);
    assert.equal(code, 2);
    assert.match(stderr, /flag --host.*Set an API key/);
  });

  test('--log-format json writes one object a line, requests in parts, and no key', async (t) => {
    const proxy = await startProxyProcess(
      ['--log-format', 'json', '--api-keys', 'ann=the-secret-key-of-ann'],
      simulator.environment,
    );
    t.after(() => proxy.stop());
    assert.equal((await ask(proxy.url, 'the-secret-key-of-ann')).status, 200);
    assert.equal(await proxy.stop(), 0);
    const lines = proxy
      .output()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
    for (const { time, level, message } of lines) {
      assert.ok(typeof message === 'string' && typeof level === 'string');
      assert.ok(!Number.isNaN(Date.parse(String(time))));
    }
    const request = lines.find((line) => line['request'] !== undefined);
    assert.deepEqual(
      [request?.['api'], request?.['keyName'], request?.['statusCode'], request?.['modelUsed']],
      ['openai-chat', 'ann', 200, 'kmodel'],
    );
    assert.ok(!proxy.output().includes('the-secret-key-of-ann'));
  });

  test('after SIGTERM it is no longer ready, still answers, and ends what runs before it stops', {
    skip: unlessPosix,
  }, async (t) => {
    const child = spawn(node, [cli, '--port', '0', '--drain-seconds', '3', '--stop-seconds', '30'], {
      env: { PATH: process.env['PATH'], ...simulator.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const line = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const { done, value = '' } = await lines.next();
        assert.ok(done !== true, `no line like ${pattern}`);
        const found = pattern.exec(value)?.[1];
        if (found !== undefined) return found;
      }
    };
    const url = await line(/listening on (http:\S+)/);
    await line(/(\d+) models/);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    child.kill('SIGTERM');
    await line(/(draining)/);
    const ready = await fetch(`${url}/readyz`);
    assert.deepEqual([ready.status, await ready.json()], [503, { status: 'draining' }]);
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    assert.equal((await ask(url, 'any')).status, 200);
    assert.deepEqual(await exited, [0, null]);
    await assert.rejects(fetch(`${url}/livez`));
  });
});
