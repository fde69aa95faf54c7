import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ProxyError } from '../../src/core/errors.ts';
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
  recording.event({ type: 'text-delta', text: 'answer' });
  recording.event({ type: 'tool-call-start', id: '1', name: 'read' });
  recording.event({
    type: 'turn-end',
    reason: 'stop',
    usage: { source: 'upstream', inputTokens: 5, outputTokens: 2 },
  });
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

test('a body beyond the limit is cut with a note of its whole size', async () => {
  const records = recorder({ bodyLimit: 100 });
  const recording = records.begin(arrived);
  for (let piece = 0; piece < 10_000; piece++) recording.clientData('a b c d e ');
  recording.finish();
  await setImmediate();
  const response = records.list(1)[0]?.response ?? '';
  assert.ok(response.length < 200);
  assert.match(response, /100000 characters in all/);
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
