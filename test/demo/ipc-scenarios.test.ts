import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fixedBrain } from '../../src/demo/brain.ts';
import { ipcScenarios } from '../../src/demo/scenarios.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { HandMadeIpcClient, promptParams, requestIdOf } from './hand-made-ipc-client.ts';

describe('scenarios of the simulated IPC runtime', () => {
  let simulator: Simulator;
  let client: HandMadeIpcClient;
  let session: string;

  beforeEach(async () => {
    simulator = await startSimulator();
    client = await HandMadeIpcClient.webSocket(simulator.ipc.url);
    session = await client.openSession();
  });
  afterEach(async () => {
    assert.deepEqual(simulator.violations, []);
    await simulator.close();
  });

  function prompt(text = 'hello'): { requestId: string; id: string } {
    const params = promptParams(session, text);
    const id = `prompt-${requestIdOf(params)}`;
    client.send({ id, method: 'session/prompt', params });
    return { requestId: requestIdOf(params), id };
  }
  const indexOf = (id: string) => client.messages.findIndex((message) => message.id === id);
  const finishIndex = () => client.messages.findIndex(({ params }) => params?.update?.type === 'chat_finish');

  test('a refused prompt is a JSON-RPC error', async () => {
    simulator.setScenario('ipc', ipcScenarios['prompt refused']);
    const { error } = await client.call('session/prompt', promptParams(session, 'x'));
    assert.equal(error?.message, 'model is not available');
  });

  test('the prompt’s own reply comes first, late or never', async () => {
    simulator.setScenario('ipc', [ipcScenarios['prompt reply first'], ipcScenarios['prompt reply late']]);
    const first = prompt();
    await client.finished(first.requestId);
    assert.ok(indexOf(first.id) >= 0 && indexOf(first.id) < finishIndex());
    await simulator.until(() => simulator.ipc.runningTurns === 0);
    const late = prompt();
    await client.finished(late.requestId);
    assert.equal(indexOf(late.id), -1);
    await client.until((message) => message.id === late.id);
    simulator.setScenario('ipc', ipcScenarios['prompt reply never']);
    await simulator.until(() => simulator.ipc.runningTurns === 0);
    const never = prompt();
    await client.finished(never.requestId);
    await simulator.until(() => simulator.ipc.prompts.at(-1)?.outcome === 'finished');
    await client.call('config/queryModels', {});
    assert.equal(indexOf(never.id), -1);
  });

  test('a finish may carry a failing status or reason', async () => {
    simulator.setScenario('ipc', { chatFinish: { reason: 'failed', statusCode: 503 } });
    const { requestId } = prompt();
    await client.finished(requestId);
    assert.deepEqual(client.told(requestId).finish[0]?.data, { reason: 'failed', statusCode: 503 });
  });

  test('foreign and stray updates surround the right ones', async () => {
    simulator.setScenario('ipc', { foreignUpdates: true, outOfOrder: true });
    const { requestId, id } = prompt();
    await client.until((message) => message.id === id);
    const told = client.told(requestId);
    assert.match(told.text, /✅stray text after the end$/);
    assert.equal(told.finish.length, 2);
    assert.match(client.told('request-of-somebody-else').text, /somebody else/);
  });

  test('a killed connection ends the turn', async () => {
    simulator.setScenario('ipc', ipcScenarios['killed in mid-turn']);
    const { requestId } = prompt();
    await client.closed;
    assert.deepEqual(client.told(requestId).finish, []);
    await simulator.until(() => simulator.ipc.runningTurns === 0);
  });

  test('bad frames are on the wire as asked', async () => {
    simulator.setScenario('ipc', { badFrame: { afterChunks: 1, kind: 'not-json' } });
    const { requestId } = prompt();
    await client.finished(requestId);
    assert.deepEqual(client.unreadable, ['{"jsonrpc": oh']);
  });

  test('a restart comes back on another port with no sessions and a new info file', async () => {
    const before = simulator.ipc.url;
    await simulator.ipc.restart();
    await client.closed;
    assert.notEqual(simulator.ipc.url, before);
    assert.equal(simulator.ipc.sessions.size, 0);
    const info = JSON.parse(readFileSync(join(simulator.infoFolder, '.info.json'), 'utf8'));
    assert.equal(`ws://127.0.0.1:${info.websocketPort}`, simulator.ipc.url);
    await assert.rejects(HandMadeIpcClient.webSocket(before));
    const again = await HandMadeIpcClient.webSocket(simulator.ipc.url);
    assert.ok(await again.openSession());
  });

  test('a restart in mid-turn drops the turn', async () => {
    const before = simulator.ipc.url;
    simulator.setScenario('ipc', ipcScenarios['restarted in mid-turn']);
    prompt();
    await client.closed;
    await simulator.until(() => simulator.ipc.url !== before);
    assert.equal(simulator.ipc.runningTurns, 0);
  });

  test('closing while it restarts leaves nothing behind', async () => {
    const restarted = simulator.ipc.restart();
    await simulator.close();
    await restarted;
    assert.ok(!existsSync(simulator.home));
    await assert.rejects(HandMadeIpcClient.webSocket(simulator.ipc.url));
  });

  test('a stopped runtime leaves a stale info file', async () => {
    await simulator.ipc.stop();
    const info = JSON.parse(readFileSync(join(simulator.infoFolder, '.info.json'), 'utf8'));
    await assert.rejects(HandMadeIpcClient.webSocket(`ws://127.0.0.1:${info.websocketPort}`));
    await assert.rejects(HandMadeIpcClient.socket(info.ipcServerPath));
    await simulator.ipc.start();
    assert.ok(await HandMadeIpcClient.socket(simulator.ipc.socketPath));
  });

  test('set-up calls can fail, once each from a queue', async () => {
    simulator.setScenario('ipc', [ipcScenarios['session/new refused']]);
    const params = { cwd: '/', mcpServers: [], _meta: {}, timestamp: Date.now() };
    assert.equal((await client.call('session/new', params)).error?.message, 'no capacity');
    assert.ok((await client.call('session/new', params)).result);
  });

  test('a tool call is an action block in the text', async () => {
    simulator.setBrain(fixedBrain([{ toolCall: { name: 'Read', arguments: { path: '/文件' } } }]));
    const { requestId } = prompt();
    await client.finished(requestId);
    const block = /```json action\n(.*)\n```/.exec(client.told(requestId).text)?.[1] ?? '';
    assert.deepEqual(JSON.parse(block), { tool: 'Read', parameters: { path: '/文件' } });
  });
});
