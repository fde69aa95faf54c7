import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError } from '../../src/core/errors.ts';
import { requestDetail } from '../../src/inspection/request-detail.ts';
import { timeSpans } from '../../src/inspection/time-spans.ts';
import type { ExchangeHead, TimedNote } from '../../src/recording/record.ts';
import { answered, record } from './recorded.ts';

const body = { max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }], service_tier: 'flex' };

test('headers, exchanges and notes are told, secrets and bodies are not', async () => {
  const detail = requestDetail(
    await record({
      body,
      headers: { 'x-api-key': 'k', 'user-agent': 'claude-cli/2.1' },
      events: answered,
      notes: [
        { type: 'ignored', fields: ['service_tier', 'x'] },
        { type: 'model', asked: '', used: 'kmodel', rule: 'default' },
        { type: 'attempt', backend: 'remote', model: 'kmodel', why: 'the model asked for' },
      ],
      exchanges: [
        {
          wire: { method: 'POST', target: 'http://up/chat', headers: { 'Cosy-Key': 'c' }, body: 'question' },
          status: 200,
          headers: { 'content-type': 'text/event-stream' },
          data: 'answer',
        },
      ],
    }),
  );
  assert.deepEqual(detail.requestHeaders, { 'x-api-key': '[redacted]', 'user-agent': 'claude-cli/2.1' });
  assert.deepEqual(
    detail.exchanges.map(({ atMs: _, ...exchange }) => exchange),
    [
      {
        method: 'POST',
        target: 'http://up/chat',
        statusCode: 200,
        requestHeaders: { 'Cosy-Key': '[redacted]' },
        responseHeaders: { 'content-type': 'text/event-stream' },
        requestSize: 8,
        responseSize: 6,
      },
    ],
  );
  assert.deepEqual(
    detail.notes.map(({ type, text }) => [type, text]),
    [
      ['ignored', 'Without effect: service_tier, x'],
      ['model', '(no model) → kmodel (default)'],
      ['attempt', 'remote: kmodel (the model asked for)'],
    ],
  );
  assert.equal(detail.summary.backend, 'remote');
});

test('what has no effect is a warning, a request that was refused an error, and only errors are counted', async () => {
  const ignored = requestDetail(
    await record({
      body: { ...body, stream: true },
      events: answered,
      notes: [{ type: 'ignored', fields: ['service_tier'] }],
    }),
  );
  assert.deepEqual(ignored.violations, [
    {
      side: 'request',
      severity: 'warning',
      rule: 'request/ignored',
      text: 'service_tier has no effect.',
    },
  ]);
  assert.equal(ignored.summary.brokenRules, 0);
  const refused = requestDetail(
    await record({ body, error: new ProxyError('invalid-request', 'messages is missing') }),
  );
  assert.deepEqual(
    refused.violations.map(({ severity, rule, text }) => [severity, rule, text]),
    [['error', 'request/invalid-request', 'messages is missing']],
  );
  assert.equal(refused.summary.brokenRules, 1);
});

const summary = {
  id: 'req_1',
  time: '2026-04-30T10:07:30.000Z',
  method: 'POST',
  path: '/',
  durationMs: 900,
  firstTokenMs: 500,
  state: 'done',
  client: '',
  api: 'messages',
  toolCalls: 0,
  stream: true,
  requestSize: 0,
  responseSize: 0,
} as const;
const admitted: TimedNote = { type: 'admitted', atMs: 105, waitedMs: 100 };

function exchange(target: string, atMs: number, method = 'JSON-RPC'): ExchangeHead {
  return { atMs, method, target, headers: {}, requestSize: 0, responseSize: 0 };
}

test('the time of a request over the local runtime: queue, session, first token, stream', () => {
  const exchanges = [
    exchange('session/new', 110),
    exchange('session/set_model', 200),
    exchange('session/prompt', 250),
    exchange('chat/deleteSessionById', 890),
  ];
  assert.deepEqual(timeSpans(summary, [admitted], exchanges), [
    { name: 'queue', fromMs: 5, toMs: 105 },
    { name: 'session', fromMs: 110, toMs: 250 },
    { name: 'first-token', fromMs: 250, toMs: 500 },
    { name: 'stream', fromMs: 500, toMs: 900 },
  ]);
});

test('a session that was ready takes no time', () => {
  assert.deepEqual(timeSpans(summary, [], [exchange('session/prompt', 110)]), [
    { name: 'first-token', fromMs: 110, toMs: 500 },
    { name: 'stream', fromMs: 500, toMs: 900 },
  ]);
});

test('each attempt of a fallback has its time; the first token is counted from the last', () => {
  const attempt = (atMs: number, model: string, why: string): TimedNote => ({
    type: 'attempt',
    atMs,
    backend: 'remote',
    model,
    why,
  });
  const notes = [
    admitted,
    attempt(110, 'kmodel', 'the model asked for'),
    attempt(300, 'mmodel', 'kmodel failed'),
  ];
  const exchanges = [exchange('http://up', 112, 'POST'), exchange('http://up', 302, 'POST')];
  assert.deepEqual(timeSpans(summary, notes, exchanges).slice(1), [
    { name: 'attempt', attempt: 0, fromMs: 110, toMs: 300, text: 'remote: kmodel (the model asked for)' },
    { name: 'attempt', attempt: 1, fromMs: 300, toMs: 500, text: 'remote: mmodel (kmodel failed)' },
    { name: 'first-token', fromMs: 300, toMs: 500 },
    { name: 'stream', fromMs: 500, toMs: 900 },
  ]);
});

test('a request that failed before its first token has no first token and no stream', () => {
  const { firstTokenMs: _, ...failed } = { ...summary, state: 'failed' as const };
  assert.deepEqual(timeSpans(failed, [admitted], [exchange('http://up', 110, 'POST')]), [
    { name: 'queue', fromMs: 5, toMs: 105 },
  ]);
});
