import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { HandMadeIpcClient, promptParams, requestIdOf } from './hand-made-ipc-client.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('the simulated IPC runtime', () => {
  let simulator: Simulator;
  let client: HandMadeIpcClient;

  beforeEach(async () => {
    simulator = await startSimulator();
    client = await HandMadeIpcClient.webSocket(simulator.ipc.url);
  });
  afterEach(async () => {
    await simulator.close();
  });

  const keptTheRules = () => assert.deepEqual(simulator.violations, []);

  async function ask(
    sessionId: string,
    text: string,
    by = client,
  ): Promise<ReturnType<HandMadeIpcClient['told']>> {
    const params = promptParams(sessionId, text);
    by.send({ id: `prompt ${requestIdOf(params)}`, method: 'session/prompt', params });
    await by.finished(requestIdOf(params));
    return by.told(requestIdOf(params));
  }

  test('answers a prompt over WebSocket with thoughts, text, usage and a finish, in torn messages', async () => {
    const session = await client.openSession();
    const before = client.pieces;
    const told = await ask(session, 'Think step by step.\n你好 👋');
    assert.match(told.thoughts, /让我想一想/);
    assert.match(told.text, /simulated Lingma.*“你好 👋”.*✅$/s);
    assert.deepEqual(told.finish[0]?.data, { reason: 'success', statusCode: 200 });
    assert.equal(told.usage[0]?.data?.['limitTokens'], 256_000);
    assert.ok(client.pieces - before > client.messages.length);
    keptTheRules();
  });

  test('answers a prompt over the Unix socket, torn at any byte', async () => {
    const other = await HandMadeIpcClient.socket(simulator.ipc.socketPath);
    const told = await ask(await other.openSession(), 'through the socket', other);
    assert.match(told.text, /“through the socket”.*✅$/s);
    assert.ok(other.pieces > 3);
    await other.close();
    keptTheRules();
  });

  test('writes an info file that names its port, process and socket', async () => {
    const info = JSON.parse(readFileSync(join(simulator.infoFolder, '.info.json'), 'utf8'));
    assert.equal(`ws://127.0.0.1:${info.websocketPort}`, simulator.ipc.url);
    assert.equal(info.pid, process.pid);
    assert.equal(info.ipcServerPath, simulator.ipc.socketPath);
    const legacy = await simulator.addRuntime({ flavour: 'qoder', infoForm: 'legacy' });
    const [port, pid, path] = readFileSync(join(legacy.infoFolder, '.info'), 'utf8').split('\n');
    assert.deepEqual(
      [`ws://127.0.0.1:${port}`, Number(pid), path],
      [legacy.url, process.pid, legacy.socketPath],
    );
    assert.ok(!existsSync(join(legacy.infoFolder, '.info.json')));
  });

  test('lists models by scene under several field names', async () => {
    await client.initialize();
    const { result } = await client.call('config/queryModels', {});
    assert.match(JSON.stringify(result), /"assistant":\[\{"id":"ipc_kimi_k26","name":"Kimi-K2.6"/);
    assert.match(JSON.stringify(result), /"modelId":"ipc_qwen3_max","displayName":"Qwen3-Max"/);
    keptTheRules();
  });

  test('interleaves two sessions on one connection', async () => {
    const first = await client.openSession();
    const { result } = await client.call('session/new', {
      cwd: '/',
      mcpServers: [],
      _meta: {},
      timestamp: Date.now(),
    });
    const second = Object.values(result ?? {})[0];
    const [one, two] = await Promise.all([ask(first, 'number one'), ask(second, 'number two')]);
    assert.match(one.text, /“number one”.*✅$/s);
    assert.match(two.text, /“number two”.*✅$/s);
    const order = client.messages.flatMap(({ params }) => params?._meta?.['ai-coding/request-id'] ?? []);
    const changes = order.filter((id, index) => id !== order[index - 1]).length;
    assert.ok(changes > 3, `the sessions took turns ${changes} times`);
    keptTheRules();
  });

  test('forgets a session when it is deleted, in either form', async () => {
    const first = await client.openSession();
    assert.equal(simulator.ipc.sessions.size, 1);
    assert.equal((await client.call('chat/deleteSessionById', { sessionId: first })).error, undefined);
    assert.equal(simulator.ipc.sessions.size, 0);
    const { result } = await client.call('session/new', {
      cwd: '/',
      mcpServers: [],
      _meta: {},
      timestamp: Date.now(),
    });
    await client.call('chat/deleteSessionById', { id: Object.values(result ?? {})[0] });
    assert.equal(simulator.ipc.sessions.size, 0);
    assert.equal(simulator.ipc.sessionsEver, 2);
    keptTheRules();
  });

  test('an older runtime deletes only by id', async () => {
    const older = await simulator.addRuntime({ flavour: 'qoder', deleteForm: 'id', sessionIdField: 'id' });
    const other = await HandMadeIpcClient.webSocket(older.url);
    const session = await other.openSession();
    assert.equal((await other.call('chat/deleteSessionById', { sessionId: session })).error?.code, -32_602);
    assert.equal((await other.call('chat/deleteSessionById', { id: session })).error, undefined);
    assert.equal(older.sessions.size, 0);
    keptTheRules();
  });

  test('a cancel stops the turn and says so', async () => {
    simulator.setScenario('ipc', { stallAfterChunks: 2 });
    const session = await client.openSession();
    const params = promptParams(session, 'wait for me');
    client.send({ id: 'p', method: 'session/prompt', params });
    await client.until(({ params: update }) => update?.update?.sessionUpdate === 'agent_message_chunk');
    client.send({ method: 'session/cancel', params: { sessionId: session } });
    await client.finished(requestIdOf(params));
    await simulator.until(() => simulator.ipc.runningTurns === 0);
    assert.deepEqual(simulator.ipc.cancels, [session]);
    assert.equal(simulator.ipc.prompts[0]?.outcome, 'stopped');
    keptTheRules();
  });

  test('a deleted session’s turn stops without a word', async () => {
    simulator.setScenario('ipc', { stallAfterChunks: 1 });
    const session = await client.openSession();
    const params = promptParams(session, 'wait for me');
    client.send({ id: 'p', method: 'session/prompt', params });
    await simulator.until(() => simulator.ipc.runningTurns === 1);
    await client.call('chat/deleteSessionById', { sessionId: session });
    await simulator.until(() => simulator.ipc.prompts[0]?.outcome === 'stopped');
    assert.deepEqual(client.told(requestIdOf(params)).finish, []);
    keptTheRules();
  });

  test('the extension’s partial runtime lists models and knows no sessions', async () => {
    const partial = await simulator.addRuntime({ partial: true });
    const other = await HandMadeIpcClient.webSocket(partial.url);
    await other.initialize();
    assert.ok((await other.call('config/queryModels', {})).result);
    assert.equal((await other.call('session/new', {})).error?.code, -32_601);
    keptTheRules();
  });

  test('asks its client now and then, and minds when there is no reply', async (t) => {
    await client.initialize();
    await client.until(({ method, id }) => method === 'client/ping' && id === 0);
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const rude = await HandMadeIpcClient.webSocket(simulator.ipc.url);
    rude.polite = false;
    await rude.initialize();
    await rude.until(({ method }) => method === 'client/ping');
    t.mock.timers.tick(20_000);
    assert.match(simulator.violations.join(), /no reply/);
  });

  const now = Date.now();
  const uri = (scheme: string, path: string) => `${scheme}:///agent/file?path=${encodeURIComponent(path)}`;
  const picture = (path: string, changes: object = {}) => ({
    type: 'image',
    mimeType: 'image/png',
    uri: uri('lingma', path),
    data: png.toString('base64'),
    ...changes,
  });

  test('takes an image that is on disk, and shows the brain its bytes', async () => {
    const path = join(simulator.home, 'a picture.png');
    writeFileSync(path, png);
    const session = await client.openSession();
    const params = promptParams(session, 'What is it?', { images: [picture(path)] });
    client.send({ id: 'p', method: 'session/prompt', params });
    await client.finished(requestIdOf(params));
    assert.match(client.told(requestIdOf(params)).text, /image\/png of 70 bytes/);
    keptTheRules();
  });

  test('refuses the other product’s scheme as an invalid uri, which is not held against the client', async () => {
    const path = join(simulator.home, 'a.png');
    writeFileSync(path, png);
    const session = await client.openSession();
    const images = [picture(path, { uri: uri('qodercn', path) })];
    const { error } = await client.call('session/prompt', promptParams(session, 'x', { images }));
    assert.equal(error?.message, 'invalid uri');
    keptTheRules();
  });

  const imageFaults: Record<string, [(path: string) => object, RegExp]> = {
    'a file that is not there': [(path) => picture(`${path}.gone`), /does not exist/],
    'a path that is not encoded': [
      (path) => picture(path, { uri: `lingma:///agent/file?path=${path}` }),
      /invalid uri/,
    ],
    'a file:// uri': [(path) => picture(path, { uri: `file://${path}` }), /invalid uri/],
    'a data URL as data': [
      (path) => picture(path, { data: `data:image/png;base64,${png.toString('base64')}` }),
      /bare base64/,
    ],
    'another type than the bytes': [(path) => picture(path, { mimeType: 'image/jpeg' }), /not image\/jpeg/],
  };
  for (const [fault, [image, rule]] of Object.entries(imageFaults)) {
    test(`refuses an image with ${fault}`, async () => {
      const path = join(simulator.home, 'a.png');
      writeFileSync(path, png);
      const params = promptParams(await client.openSession(), 'x', { images: [image(path)] });
      assert.match((await client.call('session/prompt', params)).error?.message ?? '', rule);
      assert.equal(simulator.violations.length, 1);
    });
  }

  test('refuses images that contextParams does not repeat', async () => {
    const path = join(simulator.home, 'a.png');
    writeFileSync(path, png);
    const params = promptParams(await client.openSession(), 'x', {
      images: [picture(path)],
      contextParams: [],
    });
    assert.match((await client.call('session/prompt', params)).error?.message ?? '', /contextParams/);
  });

  const callFaults: Record<string, [string, (session: string) => object, RegExp]> = {
    'initialize twice': [
      'initialize',
      () => ({ protocolVersion: 1, clientCapabilities: {}, timestamp: now }),
      /twice/,
    ],
    'models with parameters': ['config/queryModels', () => ({ x: 1 }), /queryModels/],
    'a session in a relative folder': [
      'session/new',
      () => ({ cwd: 'src', mcpServers: [], _meta: {}, timestamp: now }),
      /cwd/,
    ],
    'a session without a timestamp': [
      'session/new',
      () => ({ cwd: '/', mcpServers: [], _meta: {} }),
      /timestamp/,
    ],
    'a model’s name where its id belongs': [
      'session/set_model',
      (sessionId) => ({ sessionId, modelId: 'Kimi-K2.6', timestamp: now, _meta: {} }),
      /not listed/,
    ],
    'a prompt for another model': [
      'session/prompt',
      (session) => promptParams(session, 'x', { meta: { 'ai-coding/model': 'ipc_qwen3_max' } }),
      /not the session's model/,
    ],
    'a prompt for no session': ['session/prompt', () => promptParams('nobody', 'x'), /never was/],
    'a prompt without text': [
      'session/prompt',
      (session) => ({ ...promptParams(session, 'x'), prompt: [] }),
      /prompt/,
    ],
    'a prompt without contextParams': [
      'session/prompt',
      (session) => ({ ...promptParams(session, 'x'), contextParams: undefined }),
      /contextParams/,
    ],
    'a prompt without a mode': [
      'session/prompt',
      (session) => promptParams(session, 'x', { meta: { 'ai-coding/mode': undefined } }),
      /mode/,
    ],
    'a deletion of what never was': ['chat/deleteSessionById', () => ({ sessionId: 'nobody' }), /never was/],
    'an unknown method': ['session/load', () => ({}), /not found/],
  };
  for (const [fault, [method, params, rule]] of Object.entries(callFaults)) {
    test(`refuses ${fault}`, async () => {
      const session = await client.openSession();
      const { error } = await client.call(method, params(session));
      assert.match(error?.message ?? '', rule);
      assert.equal(simulator.violations.length, 1);
    });
  }

  test('refuses a request id that was used before, and a busy session', async () => {
    const session = await client.openSession();
    simulator.setScenario('ipc', [{ stallAfterChunks: 0 }]);
    const params = promptParams(session, 'x');
    client.send({ id: 'p', method: 'session/prompt', params });
    assert.match((await client.call('session/prompt', params)).error?.message ?? '', /used before/);
    assert.match(
      (await client.call('session/prompt', promptParams(session, 'y'))).error?.message ?? '',
      /busy/,
    );
  });

  test('refuses everything before initialize', async () => {
    assert.equal((await client.call('config/queryModels', {})).error?.code, -32_002);
    assert.match(simulator.violations.join(), /before initialize/);
  });

  test('minds a WebSocket message that is not one whole frame', async () => {
    client.raw('Content-Length: 40\r\n\r\n{"jsonrpc"');
    await simulator.until(() => simulator.violations.length === 1);
    client.raw('{"jsonrpc":"2.0"}');
    await simulator.until(() => simulator.violations.length === 2);
  });

  test('drops a socket client that sends no frames', async () => {
    const other = await HandMadeIpcClient.socket(simulator.ipc.socketPath);
    other.raw(`GET / HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await other.closed;
    assert.match(simulator.violations.join(), /Content-Length/);
  });
});
