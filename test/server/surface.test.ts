import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { describe, test } from 'node:test';
import { ProxyError } from '../../src/core/errors.ts';
import { apis, errorOf, exampleModels, type Served, serve } from './served.ts';

async function json(served: Served, path: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const response = await served.fetch(path, init);
  assert.equal(response.status, 200, path);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  return Object(await response.json());
}

describe('health', () => {
  for (const path of ['/', '/health']) {
    test(`GET ${path} tells the state, HEAD only that it lives`, async (t) => {
      const served = await serve(t);
      const health = await json(served, path);
      assert.equal(health['ok'], true);
      assert.equal(health['service'], 'lingma-proxy');
      assert.equal(health['version'], '1.2.3');
      assert.deepEqual(Object.keys(Object(health['state'])), [
        'status',
        'version',
        'backend',
        'endpoint',
        'endpointSource',
        'loginSource',
        'loginExpiresAt',
        'modelCount',
        'uptimeSeconds',
        'running',
        'waiting',
      ]);
      const head = await served.fetch(path, { method: 'HEAD' });
      assert.equal(head.status, 200);
      assert.equal(await head.text(), '');
    });
  }

  test('Claude Code finds its greeting', async (t) => {
    const served = await serve(t);
    assert.equal((await served.fetch('/api/hello', { method: 'HEAD' })).status, 200);
    assert.equal((await served.fetch('/api/hello')).status, 200);
  });
});

describe('models', () => {
  test('are a list in the shape of OpenAI, whatever the query', async (t) => {
    const served = await serve(t);
    for (const path of ['/v1/models', '/v1/models?limit=1000', '/models', '/v1/v1/models', '/v1/models/']) {
      const list = await json(served, path);
      assert.equal(list['object'], 'list');
      assert.deepEqual(
        Object(list['data']).map((model: { id: string }) => model.id),
        ['kmodel', 'mmodel'],
      );
    }
    assert.equal((await served.fetch('/v1/models?limit=1000', { method: 'HEAD' })).status, 200);
  });

  test('are pages in the shape of Anthropic for who names its version', async (t) => {
    const served = await serve(t);
    const headers = { 'anthropic-version': '2023-06-01' };
    const first = await json(served, '/v1/models?limit=1', { headers });
    assert.equal(first['has_more'], true);
    assert.equal(first['last_id'], 'kmodel');
    const second = await json(served, `/v1/models?limit=1&after_id=${first['last_id']}`, { headers });
    assert.equal(second['has_more'], false);
    assert.equal(second['first_id'], 'mmodel');
    const all = await json(served, '/v1/models?limit=1000', { headers });
    assert.equal(Object(all['data']).length, 2);
  });

  test('one is found by id, also by one with a slash or an escape in it', async (t) => {
    const odd = { id: 'team/ö model', key: 'o', displayName: 'Odd', aliases: [], scene: 'chat' };
    const served = await serve(t, { models: async () => [...exampleModels, odd] });
    assert.equal((await json(served, '/v1/models/kmodel'))['object'], 'model');
    assert.equal((await json(served, '/v1/models/team/%C3%B6%20model'))['id'], odd.id);
    const headers = { 'anthropic-version': '2023-06-01' };
    assert.equal((await json(served, '/v1/models/kmodel', { headers }))['type'], 'model');
  });

  test('one that is not listed is a 404 in the shape of who asks', async (t) => {
    const served = await serve(t);
    for (const name of ['nobody', 'n'.repeat(5_000)]) {
      const openAi = await served.fetch(`/v1/models/${name}`);
      assert.equal(openAi.status, 404);
      assert.equal(errorOf('chat', await openAi.json())['code'], 'model_not_found');
      const headers = { 'anthropic-version': '2023-06-01' };
      const anthropic = await served.fetch(`/v1/models/${name}`, { headers });
      assert.equal(anthropic.status, 404);
      assert.equal(errorOf('messages', await anthropic.json())['type'], 'not_found_error');
    }
  });

  test('a failure to list them is a real status with a remedy', async (t) => {
    const served = await serve(t, {
      models: async () => {
        throw new ProxyError('login-required', 'Sign in to Lingma.');
      },
    });
    assert.equal((await served.fetch('/v1/models')).status, 401);
    const capabilities = await json(served, '/capabilities');
    assert.deepEqual(capabilities['models'], []);
  });

  test('a client that leaves ends the wait for the list', async (t) => {
    const asked = new EventEmitter();
    const served = await serve(t, {
      models: async (signal) => {
        asked.emit('asked', signal);
        await once(signal, 'abort');
        throw new ProxyError('cancelled', 'gone');
      },
    });
    const leaving = new AbortController();
    const answered = served.fetch('/v1/models', { signal: leaving.signal });
    answered.catch(() => {});
    const [signal] = await once(asked, 'asked');
    leaving.abort();
    if (!signal.aborted) await once(signal, 'abort');
  });
});

test('discovery answers in the words of each local server', async (t) => {
  const served = await serve(t);
  for (const path of ['/capabilities', '/v1/capabilities']) {
    const capabilities = await json(served, path);
    assert.equal(capabilities['service'], 'lingma-proxy');
    for (const feature of ['streaming', 'tools', 'images']) {
      assert.equal(Object(capabilities['features'])[feature], true);
    }
    assert.equal(Object(capabilities['protocols']).length, 3);
    assert.equal(typeof capabilities['endpoints'], 'object');
    assert.equal(Object(capabilities['models']).length, 2);
  }
  assert.equal(Object((await json(served, '/api/v1/models'))['models']).length, 2);
  assert.equal(Object((await json(served, '/api/tags'))['models']).length, 2);
  assert.equal((await json(served, '/api/version'))['version'], '1.2.3');
  assert.equal((await json(served, '/version'))['version'], '1.2.3');
  assert.equal((await json(served, '/props'))['total_slots'], 4);
  assert.equal((await json(served, '/v1/props'))['total_slots'], 4);
});

test('every endpoint that the capabilities name exists', async (t) => {
  const served = await serve(t);
  const { endpoints } = await json(served, '/capabilities');
  for (const path of Object.values(Object(endpoints))) {
    assert.notEqual((await served.fetch(String(path))).status, 404, String(path));
  }
});

test('HEAD works wherever GET does', async (t) => {
  const served = await serve(t);
  const paths = ['/capabilities', '/api/tags', '/version', '/props', '/debug/requests', '/debug/logs'];
  for (const path of paths) {
    const response = await served.fetch(path, { method: 'HEAD' });
    assert.equal(response.status, 200, path);
    assert.equal(await response.text(), '');
  }
});

describe('inspection', () => {
  for (const path of ['/debug/requests', '/api/requests']) {
    test(`${path} shows the newest requests first`, async (t) => {
      const served = await serve(t);
      for (const name of ['one', 'two', 'three']) await (await served.fetch(`/v1/models/${name}`)).text();
      const { ok, count, requests } = await json(served, `${path}?limit=2`);
      assert.deepEqual([ok, count], [true, 2]);
      const [newest, older] = Object(requests);
      assert.equal(newest.path, '/v1/models/three');
      assert.equal(older.path, '/v1/models/two');
      assert.equal(newest.method, 'GET');
      assert.equal(newest.statusCode, 404);
      assert.equal(typeof newest.durationMs, 'number');
      assert.equal(typeof newest.request, 'string');
      assert.match(newest.response, /model_not_found/);
      assert.ok(!Number.isNaN(Date.parse(newest.time)));
    });
  }

  for (const path of ['/debug/access-logs', '/debug/logs', '/api/access-logs', '/api/logs']) {
    test(`${path} shows the newest lines first`, async (t) => {
      const served = await serve(t);
      served.logs.info('first');
      served.logs.warn('second');
      const { ok, count, logs } = await json(served, path);
      assert.deepEqual([ok, count], [true, 2]);
      assert.deepEqual(
        Object(logs).map((line: { level: string; message: string }) => [line.level, line.message]),
        [
          ['warn', 'second'],
          ['info', 'first'],
        ],
      );
    });
  }

  test('the limit is clamped, never refused', async (t) => {
    const served = await serve(t);
    for (let line = 0; line < 300; line++) served.logs.info(`line ${line}`);
    const counts: Record<string, number> = {
      '0': 1,
      '-7': 1,
      '1': 1,
      '200': 200,
      '201': 200,
      '99999999999999999999999': 200,
      '3.9': 3,
      abc: 50,
      '': 50,
    };
    for (const [limit, expected] of Object.entries(counts)) {
      assert.equal((await json(served, `/debug/logs?limit=${limit}`))['count'], expected, `limit=${limit}`);
    }
    assert.equal((await json(served, '/debug/logs'))['count'], 50);
  });

  test('neither inspection nor liveness calls are recorded, however their path is written', async (t) => {
    const served = await serve(t);
    for (const path of [
      '/',
      '/health',
      '/?x',
      '/api/hello',
      '/debug/requests',
      '/debug/requests/',
      '/%64ebug/requests',
      '/debug/logs?limit=3',
      '/api/logs',
      '/api/requests',
      '/api/access-logs',
    ]) {
      await (await served.fetch(path)).text();
    }
    assert.deepEqual(served.recorder.list(10), []);
    assert.deepEqual(served.logs.list(10), []);
  });

  test('an image in a request is a marker in the record, its neighbours stay', async (t) => {
    const served = await serve(t, { settings: { bodyLimit: 10_000_000 } });
    const data = Buffer.alloc(3_000_000, 9).toString('base64');
    const content = [
      { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
      { type: 'text', text: 'What is it?' },
    ];
    await (await served.post('/v1/chat/completions', { messages: [{ role: 'user', content }] })).text();
    const { requests } = await json(served, '/debug/requests');
    const [{ request, requestSize }] = Object(requests);
    assert.match(request, /\[redacted image\/png, 3000000 bytes\]/);
    assert.match(request, /What is it\?/);
    assert.ok(requestSize > 4_000_000 && request.length < 1_000);
  });

  test('many large records are served whole without one large string', async (t) => {
    const served = await serve(t);
    const words = 'one two three '.repeat(50_000);
    for (let count = 0; count < 40; count++) {
      const recording = served.recorder.begin({ method: 'POST', path: '/v1/messages', headers: {} });
      recording.clientRequest(words);
      recording.clientData(words);
      recording.finish();
    }
    const { count, requests } = await json(served, '/debug/requests?limit=200');
    assert.equal(count, 40);
    for (const record of Object(requests)) assert.equal(record.request, words);
  });
});

describe('what is not served', () => {
  for (const api of apis) {
    test(`a wrong method on ${api.path} is a 405 that names the right one, in the shape of ${api.name}`, async (t) => {
      const served = await serve(t);
      for (const method of ['PUT', 'DELETE', 'PATCH', 'GET']) {
        const response = await served.fetch(api.path, {
          method,
          ...(method === 'GET' ? {} : { body: 'not json' }),
        });
        assert.equal(response.status, 405, method);
        assert.match(response.headers.get('allow') ?? '', /POST/);
        assert.match(String(errorOf(api.name, await response.json())['message']), /POST/);
      }
    });

    test(`an unknown path below ${api.path} is a 404 in the shape of ${api.name}`, async (t) => {
      const served = await serve(t);
      const path = `${api.path}/nothing/here?x=1`;
      const expected = api.name;
      for (const init of [{}, { method: 'POST', body: 'not json' }]) {
        const response = await served.fetch(path, init);
        assert.equal(response.status, 404);
        assert.match(String(errorOf(expected, await response.json())['message']), /GET \/capabilities/);
      }
    });
  }

  test('a wrong method elsewhere is a 405, an unknown path a 404, in the shape of OpenAI', async (t) => {
    const served = await serve(t);
    for (const path of [
      '/health',
      '/v1/models',
      '/v1/models/kmodel',
      '/debug/requests',
      '/v1/messages/count_tokens',
    ]) {
      const method = path.endsWith('count_tokens') ? 'GET' : 'POST';
      const response = await served.fetch(path, { method });
      assert.equal(response.status, 405, path);
      assert.ok(response.headers.get('allow'));
    }
    for (const path of ['/nothing', '/v1', '/v2/models', '/debug', '/api']) {
      const response = await served.fetch(path);
      assert.equal(response.status, 404, path);
      errorOf('chat', await response.json());
    }
  });

  test('methods that nobody uses are answered as well', async (t) => {
    const served = await serve(t);
    for (const method of ['PROPFIND', 'OPTIONS', 'SEARCH']) {
      assert.match(
        await served.raw(`${method} /v1/messages HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`),
        /^HTTP\/1\.1 40[45] /,
        method,
      );
    }
  });

  test('a path that is no path is a 400 in the shape of its dialect', async (t) => {
    const served = await serve(t);
    const response = await served.fetch('/v1/models/%zz');
    assert.equal(response.status, 400);
    errorOf('chat', await response.json());
    assert.equal((await served.fetch('/v1/messages/%E0%A4%A')).status, 400);
  });

  test('a WebSocket on /v1/responses is sent back to HTTP with a 426', async (t) => {
    const served = await serve(t);
    for (const path of ['/v1/responses', '/api/v1/responses', '/responses']) {
      const reply = await served.raw(
        `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
          'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
        '}}',
      );
      assert.match(reply, /^HTTP\/1\.1 426 /);
      assert.match(reply, /"code":"upgrade_required"/);
    }
  });
});

test('a base URL with, without and with twice the version all work', async (t) => {
  const served = await serve(t);
  for (const path of ['/v1/v1/messages?beta=true', '/messages?beta=true', '/v1/messages/?beta=true']) {
    const response = await served.post(path, apis[2].body);
    assert.equal(response.status, 200, path);
    assert.equal(Object(await response.json()).type, 'message');
  }
  assert.equal((await served.post('/v1/v1/chat/completions', apis[0].body)).status, 200);
  assert.equal((await served.post('/chat/completions', apis[0].body)).status, 200);
  assert.equal((await served.post('/api/v1/chat/completions', apis[0].body)).status, 200);
  assert.equal((await served.post('/api/v1/responses', apis[1].body)).status, 200);
  assert.equal((await served.post('/responses', apis[1].body)).status, 200);
  const wrong = await served.post('/v1/v1/messages', {});
  assert.equal(wrong.status, 400);
  errorOf('messages', await wrong.json());
});

test('tokens are counted without asking upstream', async (t) => {
  const served = await serve(t, {
    run: () => {
      throw new Error('no turn is to run');
    },
  });
  const { model, messages } = apis[2].body;
  const response = await served.post('/v1/messages/count_tokens?beta=true', { model, messages });
  assert.equal(response.status, 200);
  assert.ok(Object(await response.json()).input_tokens > 0);
  const record = await served.lastRecord();
  assert.equal(record.modelAsked, 'kmodel');
});

test('a target that names the whole URL is served and guarded like its path', async (t) => {
  const served = await serve(t);
  const ask = (target: string, headers = '') =>
    served.raw(`GET ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${headers}\r\n`);
  assert.match(await ask(`${served.url}/v1/models`), /^HTTP\/1\.1 200 /);
  assert.match(await ask(served.url), /^HTTP\/1\.1 200 /);
  assert.match(await ask(`${served.url}/debug/requests`, 'sec-fetch-site: none\r\n'), /^HTTP\/1\.1 401 /);
});
