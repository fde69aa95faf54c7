import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { backendNames, until, withProxy } from '../end-to-end/running-proxy.ts';
import { apis, errorOf, ownerKey, type Served, serve } from '../server/served.ts';

// What a peer can make large, many or slow: each ends in an error of the caller's own dialect that says so, and the next request works.

async function refusal(
  served: Served,
  api: (typeof apis)[number],
  body: unknown,
  status: number,
): Promise<string> {
  const answer = await served.post(api.path, body);
  assert.equal(answer.status, status);
  const { message } = errorOf(api.name, await answer.json());
  assert.equal((await served.post(api.path, api.body)).status, 200, 'the next request works');
  return String(message);
}

/** The field that holds the conversation. */
const conversationOf = (api: (typeof apis)[number]) => (api.name === 'responses' ? 'input' : 'messages');

describe('a body', () => {
  const settings = { bodyLimit: 40_000_000 };

  for (const api of apis) {
    test(`of more messages or tools than anybody means is refused in the words of ${api.name}`, async (context) => {
      const served = await serve(context, { settings });
      const messages = Array.from({ length: 20_001 }, (_, index) => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        content: 'x',
      }));
      const long = { ...api.body, [conversationOf(api)]: messages };
      assert.match(await refusal(served, api, long, 400), /20001 messages, and at most 20000/);
      const tools = Array.from({ length: 2_001 }, (_, index) => {
        const tool = { name: `tool_${index}`, description: '', parameters: { type: 'object' } };
        if (api.name === 'chat') return { type: 'function', function: tool };
        return api.name === 'responses'
          ? { type: 'function', ...tool }
          : { name: tool.name, input_schema: tool.parameters };
      });
      assert.match(await refusal(served, api, { ...api.body, tools }, 400), /2001 tools, and at most 2000/);
    });

    test(`that would take thirty times its size in memory is refused before it is parsed, for ${api.name}`, async (context) => {
      const served = await serve(context, { settings });
      const bomb = `{"model":"kmodel","metadata":[${'{},'.repeat(1_100_000)}{}]}`;
      const answer = await served.fetch(api.path, { method: 'POST', body: bomb });
      assert.equal(answer.status, 400);
      assert.match(String(errorOf(api.name, await answer.json())['message']), /more than 1000000 values/);
    });
  }

  test('of much text with commas and brackets in it is none of those', async (context) => {
    const served = await serve(context, { settings });
    const text = '{[,,,]},\\",'.repeat(300_000);
    const body = { ...apis[0].body, messages: [{ role: 'user', content: text }] };
    assert.equal((await served.post(apis[0].path, body)).status, 200);
  });

  for (const api of apis) {
    test(`finds no room beside others that fill the memory, and is told when to come back, for ${api.name}`, async (context) => {
      const served = await serve(context, { settings: { bodyLimit: 1_000_000 } });
      const holding = await Promise.all(Array.from({ length: 8 }, () => unfinished(served, 999_000)));
      await until(() => served.recorder.running === 8, 'all of them are being read');
      let answer = await served.post(api.path, { ...api.body, pad: ' '.repeat(500_000) });
      // What was sent need not have been read yet.
      for (
        ;
        answer.status === 200;
        answer = await served.post(api.path, { ...api.body, pad: ' '.repeat(500_000) })
      ) {
        await answer.text();
        await delay(5);
      }
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('retry-after'), '5');
      assert.match(String(errorOf(api.name, await answer.json())['message']), /8 MB together/);
      for (const socket of holding) socket.destroy();
      await until(() => served.recorder.running === 0, 'they have left');
      assert.equal((await served.post(api.path, { ...api.body, pad: ' '.repeat(500_000) })).status, 200);
    });
  }

  async function unfinished(served: Served, size: number): Promise<Socket> {
    const socket = await served.connect();
    socket.write(`POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${size + 1}\r\n\r\n`);
    socket.write(' '.repeat(size));
    return socket;
  }
});

describe('headers', () => {
  test('of great number are refused, and hide nothing behind them', async (context) => {
    const served = await serve(context);
    const many = Array.from({ length: 3_000 }, (_, index) => `a${index}: b\r\n`).join('');
    for (const api of apis) {
      for (const hidden of ['origin: https://evil.example\r\n', '']) {
        const reply = await served.raw(
          `POST ${api.path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${many}${hidden}content-length: 2\r\n\r\n{}`,
        );
        assert.match(reply, /^HTTP\/1\.1 400 /);
        const error = errorOf(api.name, JSON.parse(reply.slice(reply.indexOf('\r\n\r\n') + 4)));
        assert.match(String(error['message']), /more than 200 headers/);
      }
    }
  });
});

describe('a slow sender', () => {
  const hurried = (context: TestContext) =>
    serve(context, {
      prepare: ({ server }) =>
        Object.assign(server, { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 20 }),
    });

  test('of headers is told so and loses its connection', async (context) => {
    const served = await hurried(context);
    const socket = await served.connect();
    socket.write('POST /v1/messages HTTP/1.1\r\nhost: localhost\r\n');
    const drip = setInterval(() => socket.write('x: y\r\n'), 20);
    context.after(() => clearInterval(drip));
    const reply = await replyOn(socket);
    assert.match(reply, /^HTTP\/1\.1 408 .*did not arrive in time/s);
  });

  for (const api of apis) {
    test(`of a body is told so in the words of ${api.name} and loses its connection`, async (context) => {
      const served = await hurried(context);
      const socket = await served.connect();
      socket.write(`POST ${api.path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10000\r\n\r\n`);
      const drip = setInterval(() => socket.write(' '), 20);
      context.after(() => clearInterval(drip));
      const reply = await replyOn(socket);
      assert.match(reply, /^HTTP\/1\.1 408 /);
      errorOf(api.name, JSON.parse(reply.slice(reply.indexOf('\r\n\r\n') + 4)));
      assert.equal((await served.lastRecord()).state, 'cancelled');
    });
  }

  async function replyOn(socket: Socket): Promise<string> {
    let reply = '';
    socket.on('data', (data) => {
      reply += data;
    });
    await once(socket, 'close');
    return reply;
  }
});

test('connections beyond a thousand are closed as they come, and find room once others have gone', async (context) => {
  const served = await serve(context);
  const open = await Promise.all(Array.from({ length: 1_024 }, () => served.connect()));
  await until(() => connections(served).then((count) => count === 1_024), 'all are there');
  const extra = await served.connect();
  extra.resume();
  if (!extra.closed) await once(extra, 'close');
  for (const socket of open) socket.destroy();
  await until(() => connections(served).then((count) => count === 0), 'all have gone');
  assert.equal((await served.fetch('/health')).status, 200);
});

function connections({ app }: Served): Promise<number> {
  return new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

test('who asks more often than its key allows is told when to come back, in every dialect', async (context) => {
  for (const api of apis) {
    const key = { ...ownerKey('a-key-that-is-limited'), requestsPerMinute: 1 };
    const served = await serve(context, { settings: { keys: [key] } });
    const headers = { 'x-api-key': key.key };
    assert.equal((await served.post(api.path, api.body, { headers })).status, 200);
    const answer = await served.post(api.path, api.body, { headers });
    assert.equal(answer.status, 429);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    errorOf(api.name, await answer.json());
  }
});

for (const backend of backendNames) {
  test(`over ${backend}: who comes when all places and all seats are taken is told when to come back`, async () => {
    await withProxy(backend, { settings: { maxConcurrent: 1 } }, async (proxy) => {
      const leaving = new AbortController();
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      proxy.simulator.setBrain(async () => {
        await released;
        return { parts: [{ text: 'Hello' }] };
      });
      const first = proxy.post('/v1/chat/completions', apis[0].body);
      await until(() => proxy.state.running === 1, 'the place is taken');
      const waiting = Array.from({ length: 256 }, () =>
        proxy.post('/v1/messages', apis[2].body, { signal: leaving.signal }).catch(() => undefined),
      );
      await until(() => proxy.state.waiting === 256, 'all seats are taken');
      for (const api of apis) {
        const answer = await proxy.post(api.path, api.body);
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get('retry-after'), '5');
        assert.match(String(errorOf(api.name, await answer.json())['message']), /256 are waiting/);
      }
      leaving.abort();
      await Promise.all(waiting);
      await until(() => proxy.state.waiting === 0, 'those that waited have left');
      release();
      assert.equal((await first).status, 200);
    });
  });
}
