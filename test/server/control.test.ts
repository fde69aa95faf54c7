import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { controlProtocol, type Ending, type FeedEvent } from '../../src/control/feed-events.ts';
import { Listeners } from '../../src/core/listeners.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';
import type { CallerKey } from '../../src/server/caller-keys.ts';
import type { ControlServices } from '../../src/server/control/control-services.ts';
import { exampleState, serve } from './served.ts';

const token = 'the-token-of-the-owner-and-its-windows';
const authorization = `Bearer ${token}`;

const calls = [
  ['GET', '/control/events'],
  ['POST', '/control/turn'],
  ['POST', '/control/inspect'],
  ['POST', '/control/models'],
  ['POST', '/control/settings'],
  ['POST', '/control/end'],
] as const;

/** An owner that a test plays. */
function owner() {
  const ending = new Listeners<Ending>();
  const asked: unknown[] = [];
  const recorder = new Recorder({ redactor: new Redactor() });
  const control: ControlServices = {
    version: '1.2.3',
    kind: 'window',
    state: () => exampleState,
    models: () => undefined,
    settings: () => ({ model: 'kmodel' }),
    requests: recorder,
    onChange: () => () => {},
    onLog: () => () => {},
    onEnding: (listener) => ending.add(listener),
    refreshModels: async () => [],
    applySettings: (changes) => asked.push(changes),
    end: (how) => asked.push(how),
    inspect: async (name, input) => ({ name, input }),
    async *runTurn() {},
  };
  return { control, ending, asked, recorder };
}

test('where no windows may attach there is nothing for them', async (context) => {
  const server = await serve(context);
  for (const [method, path] of calls) {
    const init = { method, headers: { authorization }, ...(method === 'POST' && { body: '{}' }) };
    assert.equal((await server.fetch(path, init)).status, 404, path);
  }
});

function clientsKey(key: string): CallerKey {
  return { name: 'clients', key, mayInspect: true, requestsPerMinute: 0 };
}

test('without the token nobody is let in, with or without the API key', async (context) => {
  const { control, asked } = owner();
  const apiKey = 'the-api-key-of-the-clients';
  const server = await serve(context, {
    control,
    settings: { controlToken: token, keys: [clientsKey(apiKey)] },
  });
  for (const headers of [{}, { authorization: `Bearer ${apiKey}` }, { authorization: `${authorization}x` }]) {
    for (const [method, path] of calls) {
      const answer = await server.fetch(path, { method, headers, ...(method === 'POST' && { body: '{}' }) });
      assert.equal(answer.status, 401, path);
    }
  }
  assert.deepEqual(asked, []);
});

test('the token lets nobody in where the API key is asked for', async (context) => {
  const { control } = owner();
  const server = await serve(context, {
    control,
    settings: { controlToken: token, keys: [clientsKey('key')] },
  });
  assert.equal((await server.fetch('/v1/models', { headers: { authorization } })).status, 401);
});

test('what a browser sends is refused, whatever it knows', async (context) => {
  const { control, asked } = owner();
  const server = await serve(context, { control, settings: { controlToken: token } });
  for (const header of [
    { origin: server.url },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-mode': 'navigate' },
  ]) {
    const status = await new Promise((resolve) => {
      request(
        `${server.url}/control/end`,
        { method: 'POST', headers: { authorization, ...header } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      ).end('{"ending":"stopped"}');
    });
    assert.ok(status === 401 || status === 403, JSON.stringify(header));
  }
  assert.deepEqual(asked, []);
});

test('who has the token may ask, and none of it is recorded', async (context) => {
  const { control, asked } = owner();
  const server = await serve(context, { control, settings: { controlToken: token } });
  const post = (path: string, body: unknown) => server.post(path, body, { headers: { authorization } });
  const inspected = await post('/control/inspect', { name: 'list', input: {} });
  assert.deepEqual(await inspected.json(), { output: { name: 'list', input: {} } });
  assert.equal((await post('/control/settings', { backend: 'ipc' })).status, 200);
  assert.equal((await post('/control/end', { ending: 'restarting' })).status, 202);
  assert.equal((await post('/control/end', { ending: 'exploding' })).status, 400);
  assert.equal((await post('/control/turn', { turn: {} })).status, 400);
  assert.deepEqual(asked, [{ backend: 'ipc' }, 'restarting']);
  assert.deepEqual(server.recorder.list(10), []);
});

test('a feed begins with all there is, goes on with each request, and ends with how the owner ends', async (context) => {
  const { control, ending, recorder } = owner();
  const server = await serve(context, { control, settings: { controlToken: token } });
  recorder.begin({ method: 'POST', path: '/before', headers: {} }).finish();
  const answer = await server.fetch('/control/events', { headers: { authorization } });
  assert.ok(answer.body);
  const events: FeedEvent[] = [];
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    for (const line of piece.split('\n\n')) {
      if (line !== '') events.push(JSON.parse(line.replace('data: ', '')));
    }
    if (events.length === 1) recorder.begin({ method: 'POST', path: '/now', headers: {} }).finish();
    if (events.length === 3) ending.tell('closing');
  }
  assert.deepEqual(
    events.map(({ type }) => type),
    ['hello', 'request', 'request', 'ending'],
  );
  const [hello, , ended] = events;
  assert.ok(hello?.type === 'hello' && ended?.type === 'request');
  assert.equal(hello.protocol, controlProtocol);
  assert.deepEqual(hello.state, exampleState);
  assert.deepEqual(hello.settings, { model: 'kmodel' });
  assert.deepEqual(
    hello.requests.map(({ path, state }) => [path, state]),
    [['/before', 'done']],
  );
  assert.deepEqual([ended.request.path, ended.request.state, ended.running], ['/now', 'done', 0]);
  assert.deepEqual(events[3], { type: 'ending', ending: 'closing' });
});
