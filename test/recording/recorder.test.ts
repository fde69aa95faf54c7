import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { ProxyError } from '../../src/core/errors.ts';
import type { Turn } from '../../src/core/turn.ts';
import { outcomeLine } from '../../src/recording/outcome-line.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';

const arrived = {
  method: 'POST',
  path: '/v1/messages?beta=true',
  headers: { 'user-agent': 'claude-cli/2.1', 'x-api-key': 'k' },
};

function recorder(limits: { bodyLimit?: number; totalLimit?: number } = {}): Recorder {
  return new Recorder({ redactor: new Redactor(), ...limits });
}

test('a record tells the request, both wires and the outcome', async () => {
  const records = recorder();
  const recording = records.begin(arrived);
  recording.clientRequest('{"model":"claude-x"}');
  recording.note({ type: 'model', asked: 'claude-x', used: 'kmodel', rule: 'claude-*' });
  recording.upstreamRequest({
    method: 'POST',
    target: 'http://up/chat',
    headers: { 'Cosy-Key': 'c' },
    body: 'question',
  });
  recording.upstreamResponse(200, { 'content-type': 'text/event-stream' });
  recording.upstreamData('ans');
  recording.upstreamData('wer');
  recording.events([{ type: 'text-delta', text: 'answer' }]);
  recording.events([{ type: 'tool-call-start', id: '1', name: 'read' }]);
  recording.events([
    {
      type: 'turn-end',
      reason: 'stop',
      usage: { source: 'upstream', inputTokens: 5, outputTokens: 2 },
    },
  ]);
  recording.clientStatus(200);
  recording.clientData('data: answer');
  recording.finish();
  await setImmediate();

  const [record] = records.list(10);
  assert.ok(record);
  assert.equal(record.client, 'Claude Code');
  assert.equal(record.path, '/v1/messages?beta=true');
  assert.equal(record.state, 'done');
  assert.equal(record.statusCode, 200);
  assert.equal(record.modelUsed, 'kmodel');
  assert.equal(record.inputTokens, 5);
  assert.equal(record.toolCalls, 1);
  assert.equal(record.request, '{"model":"claude-x"}');
  assert.equal(record.response, 'data: answer');
  assert.equal(record.requestHeaders['x-api-key'], '[redacted]');
  assert.equal(record.upstream[0]?.request, 'question');
  assert.equal(record.upstream[0]?.response, 'answer');
  assert.equal(record.upstream[0]?.headers['Cosy-Key'], '[redacted]');
  assert.ok(record.firstTokenMs !== undefined);
});

test('a body beyond the limit is cut, and the record tells how much is missing', async () => {
  const records = recorder({ bodyLimit: 100 });
  const recording = records.begin(arrived);
  for (let piece = 0; piece < 10_000; piece++) recording.clientData('a b c d e ');
  recording.finish();
  await setImmediate();
  const [record] = records.list(1);
  assert.equal(record?.response.length, 100);
  assert.equal(record?.responseSize, 100_000);
  assert.equal(record?.responseOmitted, 99_900);
});

test('a secret torn over two pieces is still seen', () => {
  const records = recorder();
  const recording = records.begin(arrived);
  recording.clientData('{"api_key":"hunt');
  recording.clientData('er22"}');
  assert.equal(records.list(1)[0]?.response, '{"api_key":"[redacted]"}');
});

test('the oldest finished records go when all together weigh too much; running ones stay', async () => {
  const records = recorder({ totalLimit: 20_000 });
  const running = records.begin(arrived);
  for (let count = 0; count < 30; count++) {
    const recording = records.begin(arrived);
    recording.clientRequest('x y '.repeat(500));
    recording.finish();
  }
  await setImmediate();
  const ids = records.list(200).map((record) => record.id);
  assert.ok(ids.length < 10, `${ids.length} are kept`);
  assert.ok(ids.includes(running.id));
});

test('newest come first and the limit is kept', () => {
  const records = recorder();
  const ids = [1, 2, 3].map(() => records.begin(arrived).id);
  assert.deepEqual(
    records.list(2).map((record) => record.id),
    [ids[2], ids[1]],
  );
});

test('a client that left is told apart from a failure', () => {
  const records = recorder();
  const left = records.begin(arrived);
  left.failed(new ProxyError('cancelled', 'gone'));
  left.finish();
  const failed = records.begin(arrived);
  failed.failed(new ProxyError('timeout', 'late'));
  failed.finish();
  assert.deepEqual(
    records.list(2).map((record) => record.state),
    ['failed', 'cancelled'],
  );
});

test('ids differ from those before a restart', () => {
  const ids = new Set(Array.from({ length: 5 }, () => recorder().begin(arrived).id));
  assert.ok(ids.size > 1);
});

test('many small records are bounded by their number, and by what their headers weigh', async () => {
  const records = new Recorder({ redactor: new Redactor(), countLimit: 20, totalLimit: 200_000 });
  for (let count = 0; count < 100; count++) records.begin(arrived).finish();
  await setImmediate();
  assert.equal(records.list(200).length, 20);
  for (let count = 0; count < 100; count++) {
    records.begin({ ...arrived, headers: { 'anthropic-beta': 'x '.repeat(30_000) } }).finish();
  }
  await setImmediate();
  assert.ok(records.list(200).length < 5);
});

test('nothing of what a client or an upstream names at length fills a record', () => {
  const long = 'x '.repeat(1_000_000);
  const records = recorder();
  const recording = records.begin({
    method: 'POST',
    path: `/?${long}`,
    headers: { 'user-agent': long, via: long },
  });
  recording.note({ type: 'oddity', text: long });
  recording.note({ type: 'model', asked: long, used: long, rule: 'none' });
  recording.note({ type: 'attempt', backend: 'remote', model: long, why: long });
  recording.note({ type: 'ignored', fields: [long] });
  for (let count = 0; count < 1_000; count++) recording.note({ type: 'remark', text: 'again' });
  recording.failed(new ProxyError('upstream-unavailable', long));
  for (let count = 0; count < 100; count++) {
    recording.upstreamRequest({
      method: 'POST',
      target: `http://up/${long}`,
      headers: { via: long },
      body: '',
    });
    recording.upstreamResponse(200, { via: long });
  }
  assert.ok(JSON.stringify(records.list(1)).length < 200_000);
  assert.ok(outcomeLine(recording.toSummary()).length < 10_000);
});

test('being told of something never fails and redacts nothing yet, whatever the redaction does', async () => {
  const broken = new Redactor();
  const fail = () => {
    throw new RangeError('too much');
  };
  Object.assign(broken, { text: fail, headers: fail });
  const records = new Recorder({ redactor: broken });
  const recording = records.begin(arrived);
  recording.clientRequest('body');
  recording.note({ type: 'remark', text: 'remark' });
  recording.upstreamRequest({ method: 'POST', target: 'http://up', headers: {}, body: 'question' });
  recording.upstreamResponse(200, {});
  recording.upstreamData('answer');
  recording.events([{ type: 'text-delta', text: 'answer' }]);
  recording.clientData('answer');
  recording.failed(new ProxyError('timeout', 'late'));
  recording.finish();
  await setImmediate();
  assert.throws(() => records.list(1), /too much/);
});

test('the first reason for a failure counts, and nothing after the end changes the time', () => {
  const records = recorder();
  const recording = records.begin(arrived);
  recording.failed(new ProxyError('timeout', 'late'));
  recording.finish();
  const ended = records.list(1)[0]?.durationMs;
  recording.failed(new ProxyError('cancelled', 'gone'));
  recording.finish();
  const [record] = records.list(1);
  assert.deepEqual([record?.error?.kind, record?.durationMs], ['timeout', ended]);
});

for (const [agent, name] of [
  ['claude-cli/2.1.330 (external, cli)', 'Claude Code'],
  ['codex_exec/0.169.0 (Debian 13)', 'Codex CLI'],
  ['opencode/1.18.33 ai-sdk/provider-utils', 'OpenCode'],
  ['OpenAI/JS 7.57.0', 'OpenAI SDK'],
  ['Anthropic/JS 1.12.0', 'Anthropic SDK'],
  ['my-own-agent/1.0 (x)', 'my-own-agent'],
  ['', ''],
] as const) {
  test(`a client that calls itself "${agent}" is "${name}"`, () => {
    const records = recorder();
    records.begin({ ...arrived, headers: { 'user-agent': agent } });
    assert.equal(records.list(1)[0]?.client, name);
  });
}

for (const [headers, name] of [
  [{ 'user-agent': 'OpenAI/JS 7.57.0', 'x-title': 'Cline' }, 'Cline'],
  [{ 'user-agent': 'OpenAI/JS 7.57.0', 'x-title': 'My Agent' }, 'My Agent'],
  [{ 'user-agent': 'node', originator: 'codex_cli_rs' }, 'Codex CLI'],
  [{ 'x-title': 'claude-code' }, 'Claude Code'],
] as const) {
  test(`a client with ${JSON.stringify(headers)} is "${name}"`, () => {
    const records = recorder();
    records.begin({ ...arrived, headers });
    assert.equal(records.list(1)[0]?.client, name);
  });
}

test('without bodies, a record has their sizes and all else', async () => {
  const records = new Recorder({ redactor: new Redactor(), keepsBodies: () => false });
  const recording = records.begin(arrived);
  recording.clientRequest('question');
  recording.events([{ type: 'text-delta', text: 'answer' }]);
  recording.clientData('answer');
  recording.clientStatus(200);
  recording.finish();
  await setImmediate();
  const [record] = records.list(1);
  assert.deepEqual([record?.request, record?.requestSize, record?.requestOmitted], ['', 8, 8]);
  assert.deepEqual([record?.response, record?.responseSize, record?.responseOmitted], ['', 6, 6]);
  assert.deepEqual([record?.answer, record?.answerDropped], [[], 1]);
  assert.equal(record?.statusCode, 200);
});

test('answers are checked as they end once somebody wants them to be; what broke is in the summary', async () => {
  const records = recorder();
  records.begin(arrived).finish();
  const looked: string[] = [];
  records.checkAnswers(({ response }) => {
    looked.push(response);
    return [
      { side: 'response', severity: 'error', rule: 'messages/no-end', text: 'No end.' },
      { side: 'request', severity: 'warning', rule: 'request/ignored', text: 'x has no effect.' },
    ];
  });
  const heard: (number | undefined)[] = [];
  records.subscribe((request) => heard.push(request.toSummary().brokenRules));
  const recording = records.begin(arrived);
  recording.clientData('answer');
  recording.finish();
  await setImmediate();
  assert.deepEqual(heard, [undefined, 1]);
  assert.deepEqual(looked, ['answer']);
  assert.deepEqual(
    records.list(2).map(({ violations }) => violations?.length),
    [2, undefined],
  );
});

test('requests that have ended can be forgotten; one that runs is kept to its end', async () => {
  const records = recorder();
  const running = records.begin(arrived);
  records.begin(arrived).finish();
  records.begin(arrived).finish();
  assert.equal(records.clear(), 2);
  await setImmediate();
  running.finish();
  await setImmediate();
  assert.deepEqual(
    records.list(10).map(({ id }) => id),
    [running.id],
  );
});

test('base64 in a stream does not shift the times of the events after it', async () => {
  const recording = recorder().begin(arrived);
  const turn: Turn = {
    model: '',
    system: [],
    messages: [],
    tools: [],
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'incremental',
    metadata: {},
  };
  recording.decoded('openai-responses', turn, true);
  recording.clientData(`data: "${'Ab1+'.repeat(200)}"\n\n`);
  await setTimeout(20);
  recording.clientData('data: "later"\n\n');
  recording.finish();
  recording.seal();
  const [first = 0, second = 0] = recording.readAnswer().responseTimes;
  assert.ok(second - first > 10, `${first} and ${second} ms`);
});
