import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { apis, ended, errorOf, type Served, Stage, serve, started, text } from './served.ts';

async function errorAfter(
  served: Served,
  bytes: string,
): Promise<{ head: string; error: Record<string, unknown> }> {
  const reply = await served.raw(bytes);
  const end = reply.indexOf('\r\n\r\n');
  return { head: reply.slice(0, end), error: errorOf('chat', JSON.parse(reply.slice(end + 4))) };
}

test('bytes that are no HTTP request get a 400, and the connection ends', async (t) => {
  const served = await serve(t);
  for (const bytes of ['hello\r\n\r\n', '\u0016\u0003\u0001\u0002', 'GET / HTTP/9.9\r\n\r\n']) {
    const { head, error } = await errorAfter(served, bytes);
    assert.match(head, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(head, /connection: close/);
    assert.match(String(error['message']), /not a valid HTTP request/);
  }
});

test('headers without end get a 431', async (t) => {
  const served = await serve(t);
  const { head } = await errorAfter(
    served,
    `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`,
  );
  assert.match(head, /^HTTP\/1\.1 431 /);
});

test('long headers that agents send are read', async (t) => {
  const served = await serve(t);
  const response = await served.fetch('/health', { headers: { 'anthropic-beta': 'beta,'.repeat(8_000) } });
  assert.equal(response.status, 200);
});

test('an ambiguous request is refused', async (t) => {
  const served = await serve(t);
  const { head } = await errorAfter(
    served,
    'POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  );
  assert.match(head, /^HTTP\/1\.1 400 /);
});

test('garbage during an answer ends the connection and is never mixed into the answer', async (t) => {
  const stage = new Stage();
  const served = await serve(t, { run: stage.run });
  const socket = await served.connect();
  const body = JSON.stringify({ ...apis[0].body, stream: true });
  let seen = '';
  socket.on('data', (data) => {
    seen += data;
  });
  socket.write(
    `POST ${apis[0].path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await stage.begun;
  stage.push(started, text('Hel'));
  while (!seen.includes('Hel')) await once(socket, 'data');
  socket.write('garbage\r\n\r\n');
  await stage.left;
  if (!socket.closed) await once(socket, 'close');
  assert.equal(seen.match(/HTTP\/1\.1/g)?.length, 1);
});

test('a client that resets its connection at once is no failure of the proxy', async (t) => {
  const served = await serve(t);
  const body = JSON.stringify(apis[0].body);
  const head = `POST ${apis[0].path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n`;
  for (let time = 0; time < 50; time++) {
    const socket = await served.connect();
    socket.write(head + body, () => socket.resetAndDestroy());
    await once(socket, 'close');
  }
  await (await served.fetch('/health')).text();
  assert.deepEqual(
    served.logs.list(1_000).filter(({ level }) => level === 'error'),
    [],
  );
});

test('slow senders are bounded: headers in a minute, a request in five; idle connections outlive those of pools', async (t) => {
  const served = await serve(t);
  const { headersTimeout, requestTimeout, keepAliveTimeout, timeout } = served.app.server;
  assert.equal(headersTimeout, 60_000);
  assert.equal(requestTimeout, 300_000);
  assert.ok(keepAliveTimeout >= 65_000);
  assert.equal(timeout, 0);
});

test('one connection serves one request after the other, whatever became of those before', async (t) => {
  const served = await serve(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const ports = new Set<number>();
  for (const [path, payload] of [
    ['/v1/chat/completions', JSON.stringify(apis[0].body)],
    ['/v1/chat/completions', '{bad'],
    ['/v1/chat/completions', JSON.stringify({ ...apis[0].body, stream: true })],
    ['/nothing', 'ignored'.repeat(1_000)],
    ['/v1/chat/completions', 'x'.repeat(1_100_000)],
    ['/v1/messages', JSON.stringify(apis[2].body)],
  ] as const) {
    const request = httpRequest(served.url + path, { method: 'POST', agent });
    request.end(payload);
    const [response] = await once(request, 'response');
    ports.add(request.socket?.localPort ?? 0);
    response.resume();
    await once(response, 'end');
    // The agent takes the connection back one turn later.
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(ports.size, 1);
});

test('requests sent ahead on one connection are answered in order', async (t) => {
  const served = await serve(t);
  const body = JSON.stringify({ ...apis[0].body, stream: true });
  const post = `POST ${apis[0].path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const reply = await served.raw(
    `${post}GET /version HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
  );
  assert.ok(reply.indexOf('[DONE]') > 0 && reply.indexOf('[DONE]') < reply.indexOf('lingma-proxy'));
});

test('a client of HTTP/1.0 gets its stream without chunks, and the end of the connection as its end', async (t) => {
  const served = await serve(t);
  const body = JSON.stringify({ ...apis[0].body, stream: true });
  const reply = await served.raw(
    `POST ${apis[0].path} HTTP/1.0\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  assert.doesNotMatch(reply, /transfer-encoding/i);
  assert.match(reply, /\n\ndata: \[DONE\]\n\n$/);
});

test('a close does not wait for connections that never ask', async (t) => {
  const served = await serve(t);
  const silent = await served.connect();
  const slow = await served.connect();
  slow.write('POST /v1/messages HTTP/1.1\r\nhost: loc');
  await (await served.fetch('/health')).text();
  silent.resume();
  slow.resume();
  await Promise.all([served.app.close(), once(silent, 'close'), once(slow, 'close')]);
});

test('a close waits for running answers, and answers nothing new', async (t) => {
  const stage = new Stage();
  const served = await serve(t, { run: stage.run });
  const response = served.post('/v1/chat/completions', { ...apis[0].body, stream: true });
  await stage.begun;
  const closed = served.app.close();
  const drained = served.running.drain(5_000);
  stage.push(started, text('Hello'), ended);
  assert.match(await (await response).text(), /\[DONE\]/);
  await Promise.all([closed, drained]);
  await assert.rejects(served.fetch('/health'));
});

test('a request that arrives on an open connection during the stop is told when to come back', async (t) => {
  const stage = new Stage();
  const served = await serve(t, { run: stage.run });
  const running = served.post('/v1/chat/completions', { ...apis[0].body, stream: true });
  await stage.begun;
  const drained = served.running.drain(5_000);
  const late = await served.post('/v1/messages', apis[2].body);
  assert.equal(late.status, 503);
  assert.equal(late.headers.get('retry-after'), '2');
  errorOf('messages', await late.json());
  stage.push(started, ended);
  await (await running).text();
  await drained;
});
