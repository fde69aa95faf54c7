import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { loadSettings } from '../../src/config/load-settings.ts';
import { ProxyError } from '../../src/core/errors.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import type { Turn } from '../../src/core/turn.ts';
import { fixedBrain } from '../../src/demo/brain.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { createProxy, type LingmaProxy } from '../../src/proxy.ts';
import { thisComputer } from '../../src/runtime/computer.ts';
import { until } from '../end-to-end/running-proxy.ts';

const hello: Turn = {
  model: 'kmodel',
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  tools: [],
  toolChoice: { type: 'auto' },
  sampling: {},
  delivery: 'incremental',
  metadata: {},
};
const never = new Promise<never>(() => {});

let simulator: Simulator;
let proxy: LingmaProxy;
let url: string;

before(async () => {
  simulator = await startSimulator();
});
beforeEach(async () => {
  const { home, environment: env } = simulator;
  const { settings } = loadSettings({ argv: ['--port', '0'], env, cwd: home, home });
  proxy = createProxy(settings, { version: '0.0.0-test', computer: { ...thisComputer(), home, env } });
  url = await proxy.start();
});
afterEach(() => proxy.stop());
after(() => simulator.close());

function run(turn: Turn = hello, signal = new AbortController().signal): AsyncIterator<TurnEvent> {
  return proxy.runTurn(turn, { client: 'VS Code', signal })[Symbol.asyncIterator]();
}

async function rest(events: AsyncIterator<TurnEvent>): Promise<TurnEvent[]> {
  const all: TurnEvent[] = [];
  for (let step = await events.next(); step.done !== true; step = await events.next()) all.push(step.value);
  return all;
}

async function newestRecord() {
  const answer = await fetch(`${url}/debug/requests?limit=1`);
  const { requests } = (await answer.json()) as { requests: Record<string, unknown>[] };
  assert.ok(requests[0]);
  return requests[0];
}

const ofKind = (kind: string) => (error: unknown) => error instanceof ProxyError && error.kind === kind;

test('a turn of this process is answered and recorded as a request is', async () => {
  simulator.setBrain(fixedBrain([{ thought: 'Hm' }, { text: 'Good day' }]));
  const ended: string[] = [];
  proxy.requests.subscribe((request) => ended.push(request.toSummary().state));
  const events = await rest(run());
  const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  assert.equal(text, 'Good day');
  assert.equal(events.at(-1)?.type, 'turn-end');
  assert.ok(!events.some(({ type }) => type === 'reasoning-delta'), 'thoughts are for who asks for them');

  const record = await newestRecord();
  const { api, client, state, modelUsed, upstream } = record;
  assert.deepEqual(
    { api, client, state, modelUsed },
    { api: 'vscode-chat', client: 'VS Code', state: 'done', modelUsed: 'kmodel' },
  );
  assert.deepEqual(JSON.parse(String(record['request'])), hello);
  const lines = String(record['response']).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    events,
  );
  assert.ok(Array.isArray(upstream) && upstream.length === 1);
  assert.deepEqual(ended, ['running', 'done']);
});

test('thoughts come to a turn that asks for them', async () => {
  simulator.setBrain(fixedBrain([{ thought: 'Hm' }, { text: 'Good day' }]));
  const events = await rest(run({ ...hello, reasoning: {} }));
  assert.ok(events.some(({ type }) => type === 'reasoning-delta'));
});

test('an aborted signal cancels the turn upstream and takes effect while it waits', async () => {
  simulator.setBrain(() => never);
  const caller = new AbortController();
  const answer = rest(run(hello, caller.signal));
  await simulator.until(() => simulator.remote.openRequests === 1);
  assert.equal(proxy.requests.running, 1);
  caller.abort();
  await assert.rejects(answer, ofKind('cancelled'));
  await simulator.until(() => simulator.remote.openRequests === 0);
  assert.equal((await newestRecord())['state'], 'cancelled');
});

test('a signal that was aborted before asks upstream for nothing', async () => {
  await assert.rejects(rest(run(hello, AbortSignal.abort())), ofKind('cancelled'));
  assert.deepEqual((await newestRecord())['upstream'], []);
});

test('leaving the loop cancels the turn', async () => {
  simulator.setBrain(
    fixedBrain(
      Array.from({ length: 50 }, () => ({ text: 'more ' })),
      { chunksPerSecond: 50 },
    ),
  );
  for await (const event of proxy.runTurn(hello, {
    client: 'VS Code',
    signal: new AbortController().signal,
  })) {
    if (event.type === 'text-delta') break;
  }
  await simulator.until(() => simulator.remote.openRequests === 0);
  assert.equal((await newestRecord())['state'], 'cancelled');
});

test('a failure upstream is thrown with its kind and is on the record', async () => {
  simulator.setScenario('remote', { status: 401 });
  await assert.rejects(rest(run()), ofKind('login-required'));
  simulator.setScenario('remote', undefined);
  const { state, error } = await newestRecord();
  assert.equal(state, 'failed');
  assert.equal(Reflect.get(Object(error), 'kind'), 'login-required');
});

test('a stop waits for a turn that runs, and lets no other begin', async () => {
  let answer = () => {};
  const mayAnswer = new Promise<void>((resolve) => {
    answer = resolve;
  });
  simulator.setBrain(async () => {
    await mayAnswer;
    return { parts: [{ text: 'at last' }] };
  });
  const running = rest(run());
  await simulator.until(() => simulator.remote.openRequests === 1);
  const stopped = proxy.stop();
  await assert.rejects(rest(run()), ofKind('overloaded'));
  answer();
  assert.equal((await running).at(-1)?.type, 'turn-end');
  await stopped;
});

test('a stop ends a turn that takes too long', async () => {
  simulator.setBrain(() => never);
  const running = rest(run());
  running.catch(() => {});
  await simulator.until(() => simulator.remote.openRequests === 1);
  await Promise.all([proxy.stop(0), assert.rejects(running, ofKind('overloaded'))]);
  await until(() => proxy.requests.running === 0, 'the record has ended');
});
