import assert from 'node:assert/strict';
import { pipeline } from 'node:stream/promises';
import { afterEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createRemoteBackend, type RemoteBackendOptions } from '../../../src/backends/remote/backend.ts';
import type { RunContext } from '../../../src/core/backend.ts';
import { collect } from '../../../src/core/collect.ts';
import { type ErrorKind, ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import {
  chunk,
  contextWith,
  envelope,
  login,
  recordedTrace,
  sse,
  turnWith,
  upstreamUsage,
  usageChunk,
} from './fixtures.ts';
import { type Answer, startTunnel, startUpstream, type UpstreamServer } from './upstream-server.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function upstream(answer: Answer): Promise<UpstreamServer> {
  const server = await startUpstream(answer);
  cleanUps.push(() => server.close());
  return server;
}

function backendFor(url: string, options: Partial<RemoteBackendOptions> = {}) {
  const backend = createRemoteBackend({
    login: async () => login,
    baseUrl: async () => ({ url, source: 'setting' }),
    environment: {},
    ...options,
  });
  cleanUps.push(() => backend.dispose());
  return backend;
}

const answer = [
  envelope(chunk({ content: '你好 ' })),
  envelope(chunk({ content: '🌍!' })),
  envelope(chunk({}, 'stop')),
  envelope(usageChunk),
  envelope('[DONE]'),
].join('');

const answered = {
  model: 'kmodel',
  content: [{ type: 'text', text: '你好 🌍!' }],
  reason: 'stop',
  usage: upstreamUsage,
};

const streams: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(answer);
};

/** Sends the first text and then nothing more. */
const stalls: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(envelope(chunk({ content: 'Hel' })));
};

function* endless() {
  for (;;) yield 'x'.repeat(65_536);
}

async function failureOf(promise: Promise<unknown>): Promise<ProxyError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ProxyError, String(error));
    return error;
  }
  return assert.fail('nothing was thrown');
}

/** The loop turns that a connection needs to be free again after its answer. */
async function connectionFree(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}

function ask(backend: ReturnType<typeof backendFor>, context: Partial<RunContext> = {}) {
  return collect(backend.run(turnWith(), contextWith(context)));
}

describe('the remote backend', () => {
  test('asks once and answers with what upstream says', async () => {
    const server = await upstream(streams);
    const trace = recordedTrace();
    assert.deepEqual(await ask(backendFor(server.url), { trace }), answered);
    assert.deepEqual(server.paths, [
      '/algo/api/v2/service/pro/sse/agent_chat_generation?FetchKeys=llm_model_result&AgentId=agent_common',
    ]);
    assert.equal(trace.requests[0]?.target, server.url + server.paths[0]);
    assert.deepEqual(trace.statuses, [200]);
    assert.equal(trace.data.join(''), answer);
  });

  test('sends the very bytes that it records', async () => {
    let received = '';
    const server = await upstream((request, response, body) => {
      received = body;
      return streams(request, response, body);
    });
    const trace = recordedTrace();
    await ask(backendFor(server.url), { trace });
    assert.equal(received, trace.requests[0]?.body);
    assert.match(received, /"content":"Hello"/);
  });

  test('sends encoded bytes and records readable ones when bodies are encoded', async () => {
    let received = '';
    const server = await upstream((request, response, body) => {
      received = body;
      return streams(request, response, body);
    });
    const trace = recordedTrace();
    assert.deepEqual(await ask(backendFor(server.url, { encodeBody: true }), { trace }), answered);
    assert.match(server.paths[0] ?? '', /&Encode=1$/);
    assert.match(trace.requests[0]?.body ?? '', /"content":"Hello"/);
    assert.doesNotMatch(received, /Hello/);
  });

  test('reads characters that are split over packets', async () => {
    const bytes = Buffer.from(answer);
    const server = await upstream(async (_request, response) => {
      response.writeHead(200);
      response.socket?.setNoDelay(true);
      for (const byte of bytes) {
        response.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      response.end();
    });
    assert.deepEqual(await ask(backendFor(server.url)), answered);
  });

  test('reads an answer that a gateway compressed', async () => {
    const server = await upstream((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(answer));
    });
    assert.deepEqual(await ask(backendFor(server.url)), answered);
  });

  test('uses one connection for one answer after another', async () => {
    const server = await upstream(streams);
    const backend = backendFor(server.url);
    await ask(backend);
    await connectionFree();
    await ask(backend);
    await connectionFree();
    await backend.listModels(new AbortController().signal).catch(() => {});
    assert.equal(server.connections.length, 1);
  });

  test('opens that connection ahead of time', async () => {
    const server = await upstream((request, response, body) => {
      if (request.method === 'GET') response.end('{"chat":[]}');
      else return streams(request, response, body);
    });
    const backend = backendFor(server.url);
    await backend.warmUp(new AbortController().signal);
    await connectionFree();
    await ask(backend);
    assert.deepEqual([server.connections.length, server.paths.length], [1, 2]);
  });

  test('sends a request again when a kept connection turns out to be closed', async () => {
    let requests = 0;
    const server = await upstream((request, response, body) => {
      if (++requests === 2) request.socket.end();
      else return streams(request, response, body);
    });
    const backend = backendFor(server.url);
    await ask(backend);
    await connectionFree();
    const trace = recordedTrace();
    assert.deepEqual(await ask(backend, { trace }), answered);
    assert.match(trace.notes.map((note) => ('text' in note ? note.text : '')).join(), /sent again/);
  });

  test('does not wait for the body to end once the answer is complete', async () => {
    const server = await upstream((_request, response) => {
      response.writeHead(200);
      response.write(answer);
    });
    assert.deepEqual(await ask(backendFor(server.url)), answered);
    await server.allClosed();
  });

  test('does not wait long for token counts after [DONE]', async () => {
    const server = await upstream((_request, response) => {
      response.writeHead(200);
      response.write(envelope(chunk({ content: 'x' }, 'stop')) + envelope('[DONE]'));
    });
    const result = await ask(backendFor(server.url));
    assert.equal(result.usage.source, 'estimate');
    await server.allClosed();
  });

  test('reads the login and the base URL anew for each request', async () => {
    const [first, second] = [await upstream(streams), await upstream(streams)];
    const urls = [first.url, second.url];
    const keys = ['key-one', 'key-two'];
    const backend = backendFor('', {
      login: async () => ({ ...login, cosyKey: keys.shift() ?? '' }),
      baseUrl: async () => ({ url: urls.shift() ?? '', source: 'setting' }),
    });
    const trace = recordedTrace();
    await ask(backend, { trace });
    await ask(backend, { trace });
    assert.deepEqual(
      trace.requests.map(({ headers }) => headers['Cosy-Key']),
      ['key-one', 'key-two'],
    );
    assert.deepEqual([first.paths.length, second.paths.length], [1, 1]);
  });

  test('asks nobody without a login', async () => {
    const server = await upstream(streams);
    const refusal = new ProxyError('login-required', 'Sign in.');
    const backend = backendFor(server.url, { login: () => Promise.reject(refusal) });
    assert.equal(await failureOf(ask(backend)), refusal);
    assert.equal(server.connections.length, 0);
  });
});

describe('a failing upstream', () => {
  const statuses: readonly (readonly [number, ErrorKind])[] = [
    [400, 'invalid-request'],
    [401, 'login-required'],
    [403, 'permission-denied'],
    [404, 'misconfigured'],
    [429, 'rate-limited'],
    [500, 'upstream-unavailable'],
    [503, 'upstream-unavailable'],
  ];
  for (const [status, kind] of statuses) {
    test(`that answers ${status} is ${kind}, with the wait it asks for`, async () => {
      const server = await upstream((_request, response) => {
        response.writeHead(status, { 'retry-after': '17' });
        response.end('{"message":"because"}');
      });
      const trace = recordedTrace();
      const error = await failureOf(ask(backendFor(server.url), { trace }));
      assert.equal(error.kind, kind);
      assert.equal(error.details.retryAfterSeconds, 17);
      assert.deepEqual(trace.statuses, [status]);
      assert.equal(trace.data.join(''), '{"message":"because"}');
    });
  }

  test('may name a date to wait for', async () => {
    const now = Date.parse('2026-05-01T00:00:00Z');
    const server = await upstream((_request, response) => {
      response.writeHead(429, { 'retry-after': 'Fri, 01 May 2026 00:01:30 GMT' });
      response.end();
    });
    const error = await failureOf(ask(backendFor(server.url, { now: () => now })));
    assert.equal(error.details.retryAfterSeconds, 90);
  });

  test('with an endless error body is not read to its end', async () => {
    const server = await upstream(async (_request, response) => {
      response.writeHead(500);
      await pipeline(endless, response).catch(() => {});
    });
    assert.equal((await failureOf(ask(backendFor(server.url)))).kind, 'upstream-unavailable');
    await server.allClosed();
  });

  test('that redirects is not followed', async () => {
    const elsewhere = await upstream(streams);
    const server = await upstream((_request, response) => {
      response.writeHead(307, { location: elsewhere.url });
      response.end();
    });
    assert.equal((await failureOf(ask(backendFor(server.url)))).kind, 'upstream-unavailable');
    assert.equal(elsewhere.connections.length, 0);
  });

  test('that is not there is named', async () => {
    const server = await upstream(streams);
    await server.close();
    const error = await failureOf(ask(backendFor(server.url)));
    assert.equal(error.kind, 'upstream-unavailable');
    assert.match(error.message, /ECONNREFUSED.*setting/);
  });

  test('whose URL is none is named', async () => {
    assert.match((await failureOf(ask(backendFor('lingma')))).message, /"lingma" is not a URL/);
  });

  test('whose name cannot be found is named', async () => {
    const error = await failureOf(ask(backendFor('http://upstream.invalid')));
    assert.equal(error.kind, 'upstream-unavailable');
    assert.match(error.message, /upstream\.invalid cannot be found/);
  });

  test('that breaks the connection before an answer is unavailable, and asked only once', async () => {
    const server = await upstream((request) => {
      request.socket.destroy();
    });
    assert.equal((await failureOf(ask(backendFor(server.url)))).kind, 'upstream-unavailable');
    assert.equal(server.paths.length, 1);
  });

  test('that breaks the connection in mid-stream fails after what it said', async () => {
    const server = await upstream((request, response) => {
      response.writeHead(200);
      response.write(envelope(chunk({ content: 'Hel' })), () => request.socket.resetAndDestroy());
    });
    const seen: TurnEvent[] = [];
    const error = await failureOf(
      (async () => {
        for await (const event of backendFor(server.url).run(turnWith(), contextWith())) seen.push(event);
      })(),
    );
    assert.equal(error.kind, 'upstream-unavailable');
    assert.match(error.message, /broke the connection/);
  });

  test('that says an error inside a good answer begins no turn', async () => {
    const server = await upstream((_request, response) => {
      response.writeHead(200);
      response.end(sse({ body: 'slow down', statusCode: 'X', statusCodeValue: 429 }));
    });
    const events = backendFor(server.url).run(turnWith(), contextWith());
    assert.equal((await failureOf(events[Symbol.asyncIterator]().next())).kind, 'rate-limited');
  });

  test('that falls silent is given up after the idle time', async () => {
    const server = await upstream(stalls);
    const error = await failureOf(ask(backendFor(server.url, { idleTimeoutMs: 50 })));
    assert.equal(error.kind, 'timeout');
    await server.allClosed();
  });

  test('that falls silent before its answer is given up too', async () => {
    const server = await upstream(() => {});
    assert.equal((await failureOf(ask(backendFor(server.url, { idleTimeoutMs: 50 })))).kind, 'timeout');
    await server.allClosed();
  });

  test('is not blamed for a client that reads slowly', async () => {
    const server = await upstream(stalls);
    const events = backendFor(server.url, { idleTimeoutMs: 400 })
      .run(turnWith(), contextWith())
      [Symbol.asyncIterator]();
    await events.next();
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(await events.next(), { done: false, value: { type: 'text-delta', text: 'Hel' } });
    await events.return?.();
  });
});

describe('leaving', () => {
  test('closes the upstream connection when the client aborts in mid-stream', async () => {
    const server = await upstream(stalls);
    const controller = new AbortController();
    const events = backendFor(server.url)
      .run(turnWith(), contextWith({ signal: controller.signal }))
      [Symbol.asyncIterator]();
    await events.next();
    await events.next();
    const pending = failureOf(events.next());
    controller.abort();
    assert.equal((await pending).kind, 'cancelled');
    await server.allClosed();
  });

  test('closes it before the answer, with the reason of whoever aborted', async () => {
    const controller = new AbortController();
    const reason = new ProxyError('timeout', 'Too long.');
    const server = await upstream(() => controller.abort(reason));
    const error = await failureOf(ask(backendFor(server.url), { signal: controller.signal }));
    assert.equal(error, reason);
    await server.allClosed();
  });

  test('opens none when the signal is aborted already', async () => {
    const server = await upstream(streams);
    const error = await failureOf(ask(backendFor(server.url), { signal: AbortSignal.abort() }));
    assert.equal(error.kind, 'cancelled');
    assert.equal(server.connections.length, 0);
  });

  test('closes it when the events are returned, even while the next one is awaited', async () => {
    const server = await upstream(stalls);
    const events = backendFor(server.url).run(turnWith(), contextWith())[Symbol.asyncIterator]();
    await events.next();
    await events.next();
    const pending = events.next();
    await events.return?.();
    assert.equal((await pending).done, true);
    await server.allClosed();
  });

  test('closes it when a loop over the events is broken off', async () => {
    const server = await upstream(stalls);
    for await (const event of backendFor(server.url).run(turnWith(), contextWith())) {
      if (event.type === 'text-delta') break;
    }
    await server.allClosed();
  });

  test('closes everything with the backend', async () => {
    const server = await upstream(streams);
    const backend = backendFor(server.url);
    await ask(backend);
    await backend.dispose();
    await server.allClosed();
  });
});

describe('the model list', () => {
  test('is asked for with a signature and remembered for names', async () => {
    let body = '';
    const server = await upstream((request, response, received) => {
      if (request.method === 'GET') return void response.end('{"chat":[{"key":"k9","display_name":"Nine"}]}');
      body = received;
      return streams(request, response, received);
    });
    const backend = backendFor(server.url);
    const models = await backend.listModels(new AbortController().signal);
    assert.deepEqual(
      models.map(({ id }) => id),
      ['k9'],
    );
    await collect(backend.run(turnWith({ model: 'Nine' }), contextWith()));
    assert.match(body, /"key":"k9"/);
  });

  test('from a wrong base URL says so, whatever the status', async () => {
    for (const status of [200, 404]) {
      const server = await upstream((_request, response) => {
        response.writeHead(status);
        response.end('<Error><Code>NoSuchKey</Code></Error>');
      });
      const error = await failureOf(backendFor(server.url).listModels(new AbortController().signal));
      assert.equal(error.kind, 'misconfigured');
      assert.match(error.message, /base URL is probably wrong/);
    }
  });

  test('is given up after its time, and at an abort', async () => {
    const server = await upstream(() => {});
    const slow = backendFor(server.url, { modelListTimeoutMs: 30 });
    assert.equal((await failureOf(slow.listModels(new AbortController().signal))).kind, 'timeout');
    const aborted = backendFor(server.url).listModels(AbortSignal.timeout(30));
    assert.equal((await failureOf(aborted)).kind, 'cancelled');
    await server.allClosed();
  });

  test('that fails while warming up is logged, not thrown', async () => {
    const warnings: string[] = [];
    const server = await upstream((_request, response) => {
      response.writeHead(503);
      response.end();
    });
    const logger = { debug() {}, info() {}, warn: (text: string) => warnings.push(text), error() {} };
    await backendFor(server.url, { logger }).warmUp(new AbortController().signal);
    assert.equal(warnings.length, 1);
  });
});

describe('a proxy for upstream requests', () => {
  test('named by a setting leads everything, with its password', async () => {
    const server = await upstream(streams);
    const tunnel = await startTunnel(server.port);
    cleanUps.push(tunnel.close);
    const proxyUrl = `http://me:secret@127.0.0.1:${tunnel.port}`;
    assert.deepEqual(await ask(backendFor('http://upstream.test', { proxyUrl })), answered);
    assert.deepEqual(tunnel.asked, [`upstream.test:80 Basic ${Buffer.from('me:secret').toString('base64')}`]);
  });

  test('is taken from the environment', async () => {
    const server = await upstream(streams);
    const tunnel = await startTunnel(server.port);
    cleanUps.push(tunnel.close);
    const environment = { HTTP_PROXY: `127.0.0.1:${tunnel.port}` };
    assert.deepEqual(await ask(backendFor('http://upstream.test', { environment })), answered);
    assert.deepEqual(tunnel.asked, ['upstream.test:80']);
  });

  test('of the environment is left out for this computer and for NO_PROXY', async () => {
    const server = await upstream(streams);
    const tunnel = await startTunnel(server.port);
    cleanUps.push(tunnel.close);
    const http_proxy = `http://127.0.0.1:${tunnel.port}`;
    await ask(backendFor(server.url, { environment: { http_proxy } }));
    await ask(backendFor(`http://localhost:${server.port}`, { environment: { http_proxy } }));
    const excluded = backendFor('http://upstream.invalid', {
      environment: { http_proxy, NO_PROXY: '.invalid' },
    });
    assert.match((await failureOf(ask(excluded))).message, /cannot be found/);
    assert.deepEqual(tunnel.asked, []);
  });

  test('that refuses says so without its password', async () => {
    const tunnel = await startTunnel(0, 407);
    cleanUps.push(tunnel.close);
    const proxyUrl = `http://me:secret@127.0.0.1:${tunnel.port}`;
    const error = await failureOf(ask(backendFor('http://upstream.test', { proxyUrl })));
    assert.equal(error.kind, 'upstream-unavailable');
    assert.match(error.message, /proxy does not let the connection/);
    assert.doesNotMatch(error.message, /secret/);
  });

  test('that cannot be used is refused at once, without quoting it', () => {
    for (const proxyUrl of ['ftp://me:secret@host', 'http://me:secret@:x']) {
      assert.throws(
        () => backendFor('http://upstream.test', { proxyUrl }),
        (error) => error instanceof ProxyError && !error.message.includes('secret'),
      );
    }
  });
});
