import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { ProxyError } from '../../src/core/errors.ts';
import type { RequestSummary } from '../../src/shared/requests.ts';
import { inspector } from './inspector.ts';
import { answered, record } from './recorded.ts';

const body = { max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'Hi' }] };

test('calls that there are none of, inputs that are none and requests that are gone are refused in words', async () => {
  const { call } = inspector();
  for (const [name, input, kind, message] of [
    ['destroy', {}, 'not-found', /no call "destroy"/],
    ['constructor', {}, 'not-found', /no call/],
    ['request', {}, 'invalid-request', /id/],
    ['request', { id: 7 }, 'invalid-request', /id/],
    ['body', { id: 'x', part: { pane: 'upstream', side: 'request' } }, 'invalid-request', /part/],
    ['overview', { range: 'year' }, 'invalid-request', /range/],
    ['request', { id: 'req_gone' }, 'not-found', /req_gone is not kept any more.*recordLimitMegabytes/],
    ['export', { ids: [], format: 'har' }, 'invalid-request', /ids/],
    ['feedbackBundle', { files: { '../x': '' } }, 'invalid-request', /files/],
    ['testModel', { model: 'kmodel', prompt: 'Hi' }, 'overloaded', /Start it first/],
  ] as const) {
    const answer = await call(name, input);
    assert.equal(answer.ok, false, name);
    assert.deepEqual(
      answer.ok || [answer.failure.kind, message.test(answer.failure.message)],
      [kind, true],
      `${name}`,
    );
  }
});

test('requests are listed newest first, those that ended before anybody looked with their broken rules as well', async () => {
  const recorder = inspector().recorder;
  const older = await record({ body, events: answered.slice(0, 3) }, recorder);
  const newer = await record({ body, events: answered }, recorder);
  const { ask } = inspector({ recorder });
  const { requests } = await ask('list', {});
  assert.deepEqual(
    requests.map(({ id, brokenRules }) => [id, brokenRules]),
    [
      [newer.id, 0],
      [older.id, 2],
    ],
  );
});

test('once there is an inspector, the end of a request is told with its broken rules', async () => {
  const { recorder } = inspector();
  const heard: RequestSummary[] = [];
  recorder.subscribe((request) => heard.push(request.toSummary()));
  await record({ body, events: answered.slice(0, 3) }, recorder);
  assert.deepEqual(
    heard.map(({ state, brokenRules }) => [state, brokenRules]),
    [
      ['running', undefined],
      ['done', 2],
    ],
  );
});

test('what an earlier run has left is waited for', async () => {
  let restore = () => {};
  const restored = new Promise<void>((resolve) => {
    restore = resolve;
  });
  const { call } = inspector({ restored: () => restored });
  let isAnswered = false;
  const answer = call('list', {}).then(() => {
    isAnswered = true;
  });
  await new Promise(setImmediate);
  assert.equal(isAnswered, false);
  restore();
  await answer;
});

test('forgetting the requests is told to who keeps them elsewhere', async () => {
  let told = 0;
  const { ask, recorder } = inspector({ onClear: () => told++ });
  await record({ body, events: answered }, recorder);
  assert.deepEqual(await ask('clear', {}), { cleared: 1 });
  assert.deepEqual(await ask('list', {}), { requests: [] });
  assert.equal(told, 1);
});

test('models are listed with their names elsewhere and the rules that lead to them', async () => {
  const { models, backend } = await inspector().ask('models', {});
  assert.equal(backend, 'remote');
  assert.deepEqual(models, [
    {
      id: 'kmodel',
      displayName: 'Kimi-K2.6',
      aliases: ['Kimi-K2.6'],
      scene: 'chat',
      vision: true,
      isDefault: true,
      otherBackendName: 'Kimi-K2.6',
      mappedFrom: ['claude-*'],
    },
    {
      id: 'other',
      displayName: 'Other',
      aliases: [],
      scene: 'chat',
      isDefault: false,
      mappedFrom: ['gpt-*'],
    },
  ]);
});

test('the overview adds up what ended', async () => {
  const { ask, recorder } = inspector();
  await record({ body, events: answered, headers: { 'user-agent': 'claude-cli/2' } }, recorder);
  await record({ body, events: answered, headers: { 'user-agent': 'claude-cli/2' } }, recorder);
  await record({ body, error: new ProxyError('invalid-request', 'no') }, recorder);
  const { slices, latencyMs, firstTokenMs, ...sums } = await ask('overview', { range: 'day' });
  assert.deepEqual(sums, {
    range: 'day',
    requests: 3,
    errors: 1,
    inputTokens: 10,
    outputTokens: 4,
    estimated: false,
    byModel: [{ name: '', requests: 3, errors: 1, inputTokens: 10, outputTokens: 4 }],
    byClient: [
      { name: 'Claude Code', requests: 2, errors: 0, inputTokens: 10, outputTokens: 4 },
      { name: '', requests: 1, errors: 1, inputTokens: 0, outputTokens: 0 },
    ],
  });
  assert.equal(slices.length, 96);
  assert.equal(
    slices.reduce((sum, { requests }) => sum + requests, 0),
    3,
  );
  assert.ok(latencyMs.average !== null && latencyMs.max !== null && firstTokenMs.p95 !== null);
});

test('a HAR holds each request with its bodies, as the format wants them', async () => {
  const { ask, recorder } = inspector();
  const headers = { host: '127.0.0.1:8095', 'x-api-key': 'k' };
  const { id } = await record({ body, headers, events: answered }, recorder);
  const failed = await record({ body, error: new ProxyError('invalid-request', 'no') }, recorder);
  const { text } = await ask('export', { ids: [id, failed.id], format: 'har' });
  const { log } = JSON.parse(text);
  assert.deepEqual(
    [log.version, log.creator, log.entries.length],
    ['1.2', { name: 'Lingma Proxy', version: '1.2.3' }, 2],
  );
  const [{ request, response, timings, time, startedDateTime, cache }] = log.entries;
  assert.equal(request.url, 'http://127.0.0.1:8095/v1/messages');
  assert.deepEqual(request.headers[1], { name: 'x-api-key', value: '[redacted]' });
  assert.deepEqual(JSON.parse(request.postData.text), body);
  assert.match(response.content.text, /message_stop/);
  assert.equal(response.status, 200);
  assert.ok(!Number.isNaN(Date.parse(startedDateTime)));
  assert.ok(Math.abs(timings.send + timings.wait + timings.receive - time) < 0.2);
  for (const field of ['cookies', 'headers', 'queryString']) assert.ok(Array.isArray(request[field]));
  assert.deepEqual(cache, {});
  assert.equal(log.entries[1].response.status, 400);
});

test('a feedback bundle holds the requests of the time that was asked for, and what goes with them', async () => {
  const { ask, recorder, logs } = inspector();
  logs.info('first line');
  logs.warn('second line');
  const { id } = await record({ body, events: answered }, recorder);
  const bundle = async (input: object) => {
    const { zip, requests } = await ask('feedbackBundle', input);
    const files = unzipSync(Buffer.from(zip, 'base64'));
    return {
      requests,
      textOf: (name: string) => strFromU8(files[name] ?? new Uint8Array()),
      names: Object.keys(files),
    };
  };
  const all = await bundle({ environment: { editor: 'VS Code 1.139' }, files: { 'doctor.txt': 'fine' } });
  assert.equal(all.requests, 1);
  assert.deepEqual(all.names.sort(), [
    'README.txt',
    'detection.txt',
    'doctor.txt',
    'environment.json',
    'log.txt',
    'overview.json',
    'requests.json',
    `requests/${id}.json`,
    'settings.json',
  ]);
  assert.match(all.textOf('log.txt'), /first line\n.*second line\n/);
  assert.match(all.textOf('environment.json'), /VS Code 1.139(?:.|\n)*"status": "ready"/);
  assert.equal(JSON.parse(all.textOf(`requests/${id}.json`)).id, id);
  const earlier = await bundle({ to: '2020-01-01T00:00:00Z' });
  assert.deepEqual([earlier.requests, earlier.textOf('log.txt')], [0, '']);
  const lately = await bundle({ from: new Date(Date.now() - 60_000).toISOString() });
  assert.equal(lately.requests, 1);
});
