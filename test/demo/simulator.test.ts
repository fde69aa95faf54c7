import assert from 'node:assert/strict';
import { createDecipheriv } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { HandMadeIpcClient, promptParams } from './hand-made-ipc-client.ts';
import { chat, chatBody, send } from './hand-made-remote-client.ts';

function readLogin(simulator: Simulator): Record<string, string> {
  const id = readFileSync(join(simulator.loginRoot, 'cache', 'id'), 'utf8').trim();
  const key = Buffer.from(id.slice(0, 16));
  const decipher = createDecipheriv('aes-128-cbc', key, key);
  const text = readFileSync(join(simulator.loginRoot, 'cache', 'user'), 'utf8');
  const plaintext = Buffer.concat([decipher.update(text, 'base64'), decipher.final()]);
  return { ...JSON.parse(plaintext.toString('utf8')), id };
}

test('the login cache is encrypted with the machine id and holds the present login', async () => {
  const simulator = await startSimulator();
  const { key, encryptUserInfo, uid, machineId } = simulator.login;
  const cached = readLogin(simulator);
  assert.deepEqual(
    [cached['key'], cached['encrypt_user_info'], cached['uid'], cached['id']],
    [key, encryptUserInfo, uid, machineId],
  );
  assert.ok(Number(cached['expire_time']) > Date.now());
  simulator.rotateLogin();
  assert.notEqual(simulator.login.key, key);
  assert.equal(readLogin(simulator)['key'], simulator.login.key);
  simulator.truncateLogin();
  assert.throws(() => readLogin(simulator));
  await simulator.close();
});

test('the home is private to the user, and named to a child process by every variable', async () => {
  const simulator = await startSimulator({ ipc: { flavour: 'qoder' } });
  if (process.platform !== 'win32') assert.equal(statSync(simulator.home).mode & 0o777, 0o700);
  assert.equal(simulator.environment['HOME'], simulator.home);
  assert.equal(simulator.environment['LINGMA_REMOTE_BASE_URL'], simulator.remote.url);
  assert.equal(simulator.loginRoot, join(simulator.home, '.qodercn'));
  await simulator.close();
});

test('closing in the middle of everything leaves no file and no open handle', async () => {
  const simulator = await startSimulator({ chunksPerSecond: 5, latencyMs: 1 });
  simulator.setScenario('remote', [{ stallBefore: 'headers' }, { stallAfterChunks: 1 }, {}]);
  const answers = [1, 2, 3].map(() =>
    send(simulator, { body: JSON.stringify(chatBody()) }).catch(() => undefined),
  );
  const client = await HandMadeIpcClient.webSocket(simulator.ipc.url);
  client.send({ id: 'p', method: 'session/prompt', params: promptParams(await client.openSession(), 'x') });
  await simulator.until(() => simulator.ipc.runningTurns === 1 && simulator.remote.openRequests === 3);
  await simulator.close();
  await Promise.all([...answers, client.closed]);
  assert.ok(!existsSync(simulator.home));
  await new Promise((resolve) => setImmediate(resolve));
  const left = process.getActiveResourcesInfo().filter((kind) => /Server|Timeout/.test(kind));
  assert.deepEqual(left, []);
});

test('the same seed tears answers in the same places', async () => {
  const lengths = async () => {
    const simulator = await startSimulator({ seed: 7, brain: () => ({ parts: [{ text: '同样的答案' }] }) });
    const { pieces } = await chat(simulator);
    await simulator.close();
    return pieces.map((piece) => piece.length).slice(0, 3);
  };
  assert.deepEqual(await lengths(), await lengths());
});

test('a request waits as long as the latency says, others do not wait for it', async () => {
  const simulator = await startSimulator({ latencyMs: 600_000 });
  const leaving = new AbortController();
  const slow = send(simulator, { body: JSON.stringify(chatBody()) }, leaving.signal).catch(() => undefined);
  await simulator.until(() => simulator.remote.requests[0]?.body !== undefined);
  simulator.setLatency(0);
  assert.equal((await chat(simulator)).status, 200);
  assert.deepEqual(
    simulator.remote.requests.map((request) => request.status),
    [0, 200],
  );
  leaving.abort();
  await slow;
  await simulator.close();
});
