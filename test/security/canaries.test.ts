import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { strFromU8, unzipSync } from 'fflate';
import { loadSettings } from '../../src/config/load-settings.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { cli, startProxyProcess } from '../clients/proxy-process.ts';
import { until } from '../end-to-end/running-proxy.ts';
import { Canaries, startOutgoingProxy } from './canaries.ts';

// Secrets are planted everywhere; then everything that the built program prints, serves and writes is searched for each of them.

const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;
const detached = join(cli, '..', 'detached.js');
const question = [{ role: 'user', content: 'Hi' }];

/** A computer with a simulated Lingma and a proxy on the way out, full of canaries. */
async function computer(context: TestContext) {
  const canaries = new Canaries();
  const simulator = await startSimulator();
  const folder = mkdtempSync(join(tmpdir(), 'canaries-'));
  context.after(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true });
  });
  canaries.plantLogin(simulator);
  const outgoing = await startOutgoingProxy(
    canaries.plant('the password of the outgoing proxy', 'p@ss/w0rd canary'),
  );
  context.after(outgoing.close);
  const keys = {
    own: canaries.plant('the key in a file', 'canary-own-key-3f9a71'),
    named: canaries.plant('the key in a variable', 'canary-named-key-77ab02'),
    filed: canaries.plant('the named key in a file', 'canary-filed-key-c05d1e'),
  };
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const ownFile = file('own-key', `${keys.own}\n`);
  const config = file(
    'lingma-proxy.json',
    JSON.stringify({
      api_keys: { ann: { key_env: 'KEY_OF_ANN' }, ben: { key_file: file('key-of-ben', keys.filed) } },
      remote_proxy_url: outgoing.url,
    }),
  );
  const environment = {
    ...simulator.environment,
    KEY_OF_ANN: keys.named,
    HTTPS_PROXY: outgoing.url,
    XDG_STATE_HOME: folder,
  };
  const flags = ['--config', config, '--api-key-file', ownFile, '--log-level', 'debug', '--metrics', 'key'];
  return { canaries, simulator, folder, outgoing, keys, environment, flags };
}

/** Asks for whatever there is, with the secrets that clients have of their own, and has it fail in many ways. */
async function useAll(url: string, key: string, simulator: Simulator, canaries: Canaries): Promise<number[]> {
  const strangers = {
    cookie: `session=${canaries.plant('a cookie', 'canary-cookie-5511')}`,
    'x-goog-api-key': canaries.plant('a key of another service', 'canary-goog-99ff'),
    'proxy-authorization': `Basic ${canaries.plant('credentials for a proxy', 'Y2FuYXJ5LXByb3h5LWNyZWQ')}`,
    'x-auth-token': canaries.plant('a token of a client', 'canary-client-token-1'),
  };
  const pasted = canaries.plant('a key in a prompt', 'sk-proj-canaryABCDEFGHIJ0123456789');
  const statuses: number[] = [];
  const call = async (path: string, init: RequestInit, isModelSpeaking = false) => {
    const answer = await fetch(url + path, init);
    const body = await answer.text();
    canaries.add('an answer', `${JSON.stringify([...answer.headers])}\n${isModelSpeaking ? '' : body}`);
    statuses.push(answer.status);
  };
  const post = (path: string, body: unknown, isModelSpeaking = false) =>
    call(
      path,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, ...strangers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
      isModelSpeaking,
    );
  const chat = (fields: object = {}) =>
    post('/v1/chat/completions', { model: 'kmodel', messages: question, ...fields });
  const message = (fields: object = {}) =>
    post('/v1/messages', { model: 'kmodel', max_tokens: 9, messages: question, ...fields });

  await chat();
  await message({ stream: true });
  // The simulated model repeats what it was told.
  await post('/v1/responses', { model: 'kmodel', input: `use ${pasted} for it`, stream: true }, true);
  // An upstream that says back whatever it was told.
  const { key: cosy, encryptUserInfo, machineId, uid } = simulator.login;
  const echo = `bad ${cosy} ${encryptUserInfo} ${machineId} ${uid}`;
  simulator.setScenario('remote', [
    { status: 400, body: JSON.stringify({ error: { message: echo } }) },
    { status: 400, body: `${cosy} Bearer COSY.${encryptUserInfo}.${'a'.repeat(32)}` },
    { errorEnvelope: { afterChunks: 4, statusCodeValue: 400, message: `${cosy} ${machineId}` } },
  ]);
  simulator.setScenario('ipc', [{ chatFinish: { statusCode: 400 } }]);
  for (let count = 0; count < 3; count++) await message({ stream: true });
  simulator.setScenario('remote', undefined);
  simulator.setScenario('ipc', undefined);
  // What a model says is the client's, and is redacted only where it is kept.
  simulator.setBrain(() => ({ parts: [{ text: `as you said: ${echo} and ${pasted}` }] }));
  await post('/v1/chat/completions', { model: 'kmodel', messages: question, stream: true }, true);
  simulator.setBrain(() => ({ parts: [{ text: 'Hello' }] }));
  await chat({ n: 2 });
  await post('/v1/messages', `{"model": "kmodel", "api_key": "${pasted}", `);
  await post('/v1/no-such-path?api_key=canary', { api_key: key });
  await post(`/v1/chat/completions?key=${canaries.plant('a key in a query', 'canary-query-key-8d')}`, {
    model: 'kmodel',
    messages: question,
  });
  await call('/v1/models', {
    headers: { authorization: `Bearer ${canaries.plant('a wrong key', 'canary-wrong-key-0b')}` },
  });
  for (const change of [
    () => simulator.rotateLogin(),
    () => simulator.expireLogin(),
    () => simulator.truncateLogin(),
    () => simulator.rotateLogin(),
  ]) {
    change();
    canaries.plantLogin(simulator);
    await chat();
  }
  await delay(50);
  for (const path of [
    '/',
    '/health',
    '/readyz',
    '/metrics',
    '/capabilities',
    '/v1/models',
    '/api/tags',
    '/props',
    '/version',
    '/debug/requests?limit=200',
    '/debug/access-logs?limit=200',
  ]) {
    await call(path, { headers: { 'x-api-key': key, ...strangers } });
  }
  return statuses;
}

function addArguments(canaries: Canaries, pid: number | undefined): void {
  if (process.platform !== 'linux') return;
  canaries.add('the list of processes', readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
}

for (const backend of ['remote', 'ipc'] as const) {
  for (const format of ['text', 'json'] as const) {
    test(`over ${backend}, with its log as ${format}: nothing secret is printed or served`, async (context) => {
      const { canaries, simulator, outgoing, keys, environment, flags } = await computer(context);
      const proxy = await startProxyProcess(
        [...flags, '--backend', backend, '--log-format', format],
        environment,
      );
      context.after(() => proxy.stop());
      const statuses = await useAll(proxy.url, keys.own, simulator, canaries);
      addArguments(canaries, proxy.pid);
      assert.equal(await proxy.stop(), 0);
      canaries.add('the log', proxy.output());
      for (const status of [200, 400, 401, 404])
        assert.ok(statuses.includes(status), `${status} in ${statuses}`);
      const served = canaries.textOf('an answer');
      assert.ok(served.includes('"upstream":[{') && served.includes('lingma_proxy_requests_total'));
      assert.match(proxy.output(), /POST \/v1\/messages/);
      if (backend === 'remote') assert.ok(outgoing.count() > 0, proxy.output());
      canaries.assertSilent();
      assert.deepEqual(simulator.violations, []);
    });
  }
}

test('a kept proxy writes nothing secret into its log, its records and its exports, and all for its user only', async (context) => {
  const { canaries, simulator, folder, keys, environment, flags } = await computer(context);
  const { settings } = loadSettings({ argv: [...flags, '--port', '0'], env: environment, cwd: folder });
  const stateDirectory = join(folder, 'state');
  mkdirSync(stateDirectory, { mode: 0o700 });
  const child = spawn(node, [detached], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  context.after(() => child.kill('SIGKILL'));
  child.stdin.end(JSON.stringify({ settings, filedUnder: 1, stateDirectory }));
  const [line] = await once(child.stdout, 'data');
  canaries.add('standard output', String(line));
  const { url } = JSON.parse(String(line)) as { url: string };
  await useAll(url, keys.own, simulator, canaries);
  addArguments(canaries, child.pid);

  const [ownerFile = ''] = readdirSync(stateDirectory).filter((name) => name.startsWith('owner-'));
  const owner = readFileSync(join(stateDirectory, ownerFile), 'utf8');
  const token = canaries.plant('the token of the owner', String(JSON.parse(owner).token));
  await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
  const inspect = async (name: string, input: object) => {
    const answer = await fetch(`${url}/control/inspect`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ name, input }),
    });
    const answered = await answer.text();
    assert.equal(answer.status, 200, answered);
    canaries.add(`the inspector's ${name}`, answered);
    return (JSON.parse(answered) as { output: { zip?: string; rows?: readonly { id: string }[] } }).output;
  };
  const listed = JSON.stringify(await inspect('list', {}));
  const ids = [...new Set(listed.match(/req_\w+/g) ?? [])];
  assert.ok(ids.length > 10);
  for (const id of ids) {
    await inspect('request', { id });
    for (const format of ['curl', 'fetch', 'python']) await inspect('copyAs', { id, format });
  }
  await inspect('export', { ids, format: 'har' });
  await inspect('export', { ids: ids.slice(0, 1), format: 'fixture' });
  const { zip = '' } = await inspect('feedbackBundle', {
    environment: { proxy: settings.remoteProxyUrl },
    files: {},
  });
  for (const [name, bytes] of Object.entries(unzipSync(Buffer.from(zip, 'base64')))) {
    canaries.add(`the feedback bundle's ${name}`, strFromU8(bytes));
  }
  const ended = text(child.stderr);
  child.kill('SIGTERM');
  await once(child, 'exit');
  canaries.add('standard error', await ended);
  const files = readdirSync(stateDirectory, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(stateDirectory, name),
  );
  assert.ok(
    files.some((path) => path.endsWith('.jsonl')) && files.some((path) => path.endsWith('.log')),
    files.join(),
  );
  for (const path of files) {
    const status = statSync(path);
    assert.equal(status.mode & 0o077, 0, `${path} is for its user only`);
    if (status.isFile()) canaries.add(path, readFileSync(path, 'utf8'));
  }
  canaries.assertSilent();
});

/** Runs to its end. */
async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<string> {
  const child = spawn(node, [cli, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
  child.stdin.end();
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return output + errors;
}

test('the doctor, the exports and the help say nothing secret, whatever is wrong', async (context) => {
  const { canaries, simulator, folder, environment, flags } = await computer(context);
  const broken = { ...environment, HTTP_PROXY: 'socks://someone:p@ss/w0rd canary@host' };
  for (const env of [environment, broken]) {
    for (const args of [
      ['doctor', ...flags],
      ['doctor', '--json', ...flags],
      ['doctor', '--no-requests', '--backend', 'ipc', ...flags],
    ]) {
      const said = await run(args, env, folder);
      assert.match(said, /remote_proxy_url/);
      canaries.add('the doctor', said);
    }
  }
  simulator.truncateLogin();
  canaries.add('the doctor', await run(['doctor', ...flags], environment, folder));
  for (const args of [
    ['--help'],
    ['--port', 'x', ...flags],
    ['--no-such', ...flags],
    ['--api-keys', '[{"key":"canary-filed-key-c05d1e"}]'],
    ['service', 'install', '--api-key', 'canary-own-key-3f9a71'],
  ]) {
    canaries.add('the command line', await run(args, environment, folder));
  }
  simulator.rotateLogin();
  canaries.plantLogin(simulator);
  canaries.add('an export', await run([...flags, '--export-remote-auth', 'login.json'], environment, folder));
  assert.equal(statSync(join(folder, 'login.json')).mode & 0o777, 0o600);
  canaries.assertSilent();
});

describe('a crash', () => {
  const injected = `data:text/javascript,${encodeURIComponent(`
    process.on('SIGUSR2', () => {
      const secrets = process.env.CANARIES;
      const error = new Error('defect with ' + secrets, { cause: new Error('because of ' + secrets) });
      Object.assign(error, { headers: { authorization: 'Bearer ' + secrets }, list: [secrets] });
      if (process.env.REJECT) void Promise.reject(error); else throw error;
    });`)}`;

  for (const how of ['throws', 'rejects'] as const) {
    test(`that ${how} ends the process and tells what happened without what is secret`, {
      skip: process.platform === 'win32',
    }, async (context) => {
      const { canaries, simulator, keys, environment, flags } = await computer(context);
      const { key, machineId } = simulator.login;
      const proxy = await startProxyProcess(flags, {
        ...environment,
        NODE_OPTIONS: `--import=${injected}`,
        CANARIES: [key, machineId, ...Object.values(keys), 'p@ss/w0rd canary'].join(' '),
        ...(how === 'rejects' && { REJECT: 'yes' }),
      });
      context.after(() => proxy.stop());
      await until(() => fetch(`${proxy.url}/readyz`).then(({ ok }) => ok), 'the login has been read');
      process.kill(proxy.pid ?? 0, 'SIGUSR2');
      assert.equal(await proxy.ended(), 1);
      assert.match(proxy.output(), /Please report this:\nError: defect with \[redacted\]/);
      canaries.add('the report of the crash', proxy.output());
      canaries.assertSilent();
    });
  }
});

test('a key on the command line is taken off the list of processes, and a warning says that it was there', {
  skip: process.platform !== 'linux',
}, async (context) => {
  const { canaries, keys, environment } = await computer(context);
  const proxy = await startProxyProcess(['--api-key', keys.own], environment);
  context.after(() => proxy.stop());
  addArguments(canaries, proxy.pid);
  assert.match(canaries.textOf('the list of processes'), /^lingma-proxy/);
  canaries.add('the log', proxy.output());
  assert.match(proxy.output(), /--api-key could be read in the list of processes/);
  canaries.assertSilent();
});
