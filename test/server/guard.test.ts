import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import { describe, test } from 'node:test';
import { apis, errorOf, ownerKey, type Served, serve } from './served.ts';

async function status(served: Served, path: string, headers: string): Promise<number> {
  const reply = await served.raw(`GET ${path} HTTP/1.1\r\nconnection: close\r\n${headers}\r\n`);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(reply)?.[1]);
}

describe('Host', () => {
  test('names of this computer pass, with and without a port', async (t) => {
    const served = await serve(t);
    for (const host of [
      'localhost',
      'LOCALHOST:8095',
      'localhost.',
      '127.0.0.1',
      '127.0.0.1:1',
      '127.1.2.3:8095',
      '[::1]',
      '[::1]:8095',
    ]) {
      assert.equal(await status(served, '/v1/models', `host: ${host}\r\n`), 200, host);
    }
  });

  test('any other name is refused on every path, before it reaches anything', async (t) => {
    const served = await serve(t, {
      models: async () => {
        throw new Error('nobody may get here');
      },
    });
    for (const host of [
      'evil.example',
      'evil.example:8095',
      '127.0.0.1.evil.example',
      'localhost.evil.example:8095',
      '127.0.0.1:8095.evil.example',
      'evil.example#127.0.0.1',
      '127.0.0.1@evil.example',
      '0.0.0.0:8095',
      '192.168.1.5',
      '[::2]:8095',
      '[::1].evil.example',
      '127.0.0.1..',
      'xlocalhost',
    ]) {
      for (const path of ['/', '/health', '/v1/models', '/debug/requests', '/nothing']) {
        assert.equal(await status(served, path, `host: ${host}\r\n`), 403, `${host} ${path}`);
      }
    }
  });

  test('a refusal is in the shape of the dialect', async (t) => {
    const served = await serve(t);
    for (const api of apis) {
      const reply = await served.raw(
        `POST ${api.path} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}`,
      );
      assert.match(reply, /^HTTP\/1\.1 403 /);
      errorOf(api.name, JSON.parse(reply.slice(reply.indexOf('\r\n\r\n') + 4)));
    }
  });

  test('only HTTP/1.0 may leave it out', async (t) => {
    const served = await serve(t);
    assert.match(await served.raw('GET /health HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /);
    assert.match(await served.raw('GET /health HTTP/1.1\r\n\r\n', '\r\n\r\n'), /^HTTP\/1\.1 400 /);
  });

  test('the name that the proxy listens on passes; with a key, behind other addresses, any does', async (t) => {
    const named = await serve(t, { settings: { host: '192.168.1.5' } });
    assert.equal(await status(named, '/v1/models', 'host: 192.168.1.5:8095\r\n'), 200);
    assert.equal(await status(named, '/v1/models', 'host: evil.example\r\n'), 403);
    const keyed = await serve(t, { settings: { host: '0.0.0.0', keys: [ownerKey('secret-key')] } });
    const key = 'x-api-key: secret-key\r\n';
    assert.equal(await status(keyed, '/v1/models', `host: box.example\r\n${key}`), 200);
    const local = await serve(t, { settings: { host: '127.0.0.1', keys: [ownerKey('secret-key')] } });
    assert.equal(await status(local, '/v1/models', `host: box.example\r\n${key}`), 403);
  });
});

describe('pages', () => {
  const mine = 'http://localhost:3000';

  test('of foreign origins are refused, whatever they ask and however', async (t) => {
    const served = await serve(t, { settings: { allowedOrigins: [mine] } });
    for (const origin of [
      'https://evil.example',
      'null',
      '',
      `${mine}.evil.example`,
      'http://localhost:3001',
      'https://localhost:3000',
      served.url,
    ]) {
      for (const path of ['/', '/v1/models', '/debug/requests']) {
        const response = await served.fetch(path, { headers: { origin } });
        assert.equal(response.status, 403, `${origin} ${path}`);
        assert.equal(response.headers.get('access-control-allow-origin'), null);
      }
      const post = await served.post('/v1/messages', apis[2].body, {
        headers: { origin, 'content-type': 'text/plain' },
      });
      assert.equal(post.status, 403);
      errorOf('messages', await post.json());
    }
  });

  test('of our own origin need the key', async (t) => {
    const served = await serve(t, { settings: { keys: [ownerKey('the-key')] } });
    const headers = { origin: served.url };
    assert.equal((await served.fetch('/debug/requests', { headers })).status, 401);
    const withKey = { ...headers, authorization: 'Bearer the-key' };
    assert.equal((await served.fetch('/debug/requests', { headers: withKey })).status, 200);
  });

  test('that a browser navigates to count as browsers', async (t) => {
    const served = await serve(t);
    // Not with fetch: Node's sets this header itself.
    const request = get(`${served.url}/debug/requests`, { headers: { 'sec-fetch-mode': 'navigate' } });
    const [response] = await once(request, 'response');
    response.resume();
    assert.equal(response.statusCode, 401);
  });

  test('of the origin null stay out even if somebody lists it', async (t) => {
    const served = await serve(t, { settings: { allowedOrigins: ['null', '*'] } });
    assert.equal((await served.fetch('/v1/models', { headers: { origin: 'null' } })).status, 403);
    assert.equal(
      (await served.fetch('/v1/models', { headers: { origin: 'https://a.example' } })).status,
      403,
    );
  });

  test('that send no origin are known by Sec-Fetch-Site', async (t) => {
    const served = await serve(t);
    for (const [site, expected] of [
      ['cross-site', 403],
      ['same-site', 403],
      ['same-origin', 200],
      ['none', 200],
    ] as const) {
      assert.equal(
        await status(served, '/v1/models', `host: localhost\r\nsec-fetch-site: ${site}\r\n`),
        expected,
        site,
      );
    }
  });

  test('of an allowed origin may read answers, errors and streams alike', async (t) => {
    const served = await serve(t, { settings: { allowedOrigins: [mine] } });
    const headers = { origin: mine };
    const stream = { ...apis[0].body, stream: true };
    for (const response of [
      await served.fetch('/v1/models', { headers }),
      await served.fetch('/nothing', { headers }),
      await served.post('/v1/chat/completions', {}, { headers }),
      await served.post('/v1/chat/completions', stream, { headers }),
    ]) {
      assert.equal(response.headers.get('access-control-allow-origin'), mine);
      assert.match(response.headers.get('vary') ?? '', /Origin/);
      await response.text();
    }
  });

  test('a preflight is answered for allowed origins only, and never with a star', async (t) => {
    const served = await serve(t, { settings: { allowedOrigins: [mine], keys: [ownerKey('secret-key')] } });
    const ask = (origin: string) =>
      served.fetch('/v1/messages', {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-api-key,anthropic-version',
          'access-control-request-private-network': 'true',
        },
      });
    const allowed = await ask(mine);
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('access-control-allow-origin'), mine);
    assert.match(allowed.headers.get('access-control-allow-methods') ?? '', /POST/);
    assert.equal(allowed.headers.get('access-control-allow-headers'), 'x-api-key,anthropic-version');
    assert.equal(allowed.headers.get('access-control-allow-private-network'), 'true');
    assert.ok(![...allowed.headers.values()].some((value) => value.includes('*')));
    const foreign = await ask('https://evil.example');
    assert.equal(foreign.status, 403);
    assert.ok(![...foreign.headers.keys()].some((name) => name.startsWith('access-control')));
    const plain = await served.fetch('/v1/messages', {
      method: 'OPTIONS',
      headers: { 'x-api-key': 'secret-key' },
    });
    assert.equal(plain.status, 405);
  });
});

describe('without a key', () => {
  for (const path of ['/debug/requests', '/debug/logs', '/api/requests', '/api/logs', '/api/access-logs']) {
    test(`${path} answers a plain local call but no browser, however the path is written`, async (t) => {
      const served = await serve(t, { settings: { allowedOrigins: ['http://localhost:3000'] } });
      assert.equal((await served.fetch(path)).status, 200, 'fetch of Node is no browser');
      assert.equal(await status(served, path, 'host: localhost\r\n'), 200);
      const encoded = `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`;
      for (const written of [path, `${path}/`, `${path}?limit=1`, encoded]) {
        for (const sign of [
          'origin: http://localhost:3000',
          'sec-fetch-site: none',
          'sec-fetch-dest: document',
          'sec-fetch-user: ?1',
        ]) {
          assert.equal(
            await status(served, written, `host: localhost\r\n${sign}\r\n`),
            401,
            `${written} ${sign}`,
          );
        }
      }
    });
  }

  test('a browser learns no details of the login', async (t) => {
    const served = await serve(t);
    const page = await served.raw(
      'GET /health HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: none\r\nconnection: close\r\n\r\n',
    );
    assert.match(page, /^HTTP\/1\.1 200 /);
    assert.doesNotMatch(page, /someone/);
    assert.match(await (await served.fetch('/health')).text(), /someone/);
  });
});

describe('with a key', () => {
  const settings = { keys: [ownerKey('secret-key')] };

  test('it is taken as a bearer and as x-api-key, whole and exact', async (t) => {
    const served = await serve(t, { settings });
    const right = [
      'authorization: Bearer secret-key',
      'authorization: bearer  secret-key',
      'x-api-key: secret-key',
    ];
    for (const header of right) {
      assert.equal(await status(served, '/v1/models', `host: localhost\r\n${header}\r\n`), 200, header);
    }
    for (const header of [
      'accept: */*',
      'authorization: Bearer secret-ke',
      'authorization: Bearer secret-key2',
      'authorization: Bearer Secret-key',
      'authorization: Bearer',
      'authorization: Basic secret-key',
      'authorization: secret-key',
      'x-api-key: wrong',
      'x-api-key: ',
      'x-api-key: secret-key\r\nx-api-key: secret-key',
      'api-key: secret-key',
    ]) {
      assert.equal(await status(served, '/v1/models', `host: localhost\r\n${header}\r\n`), 401, header);
    }
    assert.equal(
      await status(served, '/v1/models?api_key=secret-key&key=secret-key', 'host: localhost\r\n'),
      401,
    );
  });

  test('a call without it is a 401 in the shape of its dialect, and its record keeps no key', async (t) => {
    const served = await serve(t, { settings });
    for (const api of apis) {
      const response = await served.post(api.path, api.body, {
        headers: { 'x-api-key': 'not-the-key-at-all' },
      });
      assert.equal(response.status, 401);
      assert.match(String(errorOf(api.name, await response.json())['message']), /x-api-key/);
      assert.doesNotMatch(JSON.stringify(await served.lastRecord()), /not-the-key/);
    }
    assert.equal((await served.fetch('/nothing')).status, 401);
  });

  test('liveness answers without it, but without details', async (t) => {
    const served = await serve(t, { settings });
    for (const path of ['/', '/health']) {
      const stranger = await served.fetch(path);
      assert.equal(stranger.status, 200);
      assert.deepEqual(await stranger.json(), {
        ok: true,
        service: 'lingma-proxy',
        version: '1.2.3',
        state: { status: 'ready' },
      });
      const owner = await served.fetch(path, { headers: { authorization: 'Bearer secret-key' } });
      assert.match(await owner.text(), /\.lingma/);
    }
    for (const path of ['/api/hello', '/version', '/api/version']) {
      assert.equal((await served.fetch(path)).status, 200);
    }
  });

  test('inspection needs it from everybody, and with it answers browsers too', async (t) => {
    const served = await serve(t, { settings });
    assert.equal((await served.fetch('/debug/requests')).status, 401);
    const key = 'host: localhost\r\nauthorization: Bearer secret-key\r\n';
    assert.equal(await status(served, '/debug/requests', key), 200);
    assert.equal(await status(served, '/debug/requests', `${key}sec-fetch-site: same-origin\r\n`), 200);
    assert.equal(await status(served, '/debug/requests', `${key}origin: https://evil.example\r\n`), 403);
  });
});

test('no answer may be framed into another site or taken for something else', async (t) => {
  const served = await serve(t);
  for (const response of [
    await served.fetch('/health'),
    await served.fetch('/nothing'),
    await served.post('/v1/chat/completions', { ...apis[0].body, stream: true }),
  ]) {
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(response.headers.get('cross-origin-resource-policy'), 'same-origin');
    await response.text();
  }
});
