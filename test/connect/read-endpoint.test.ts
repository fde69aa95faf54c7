import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ConnectError } from '../../src/clients/connect-error.ts';
import { readEndpoint } from '../../src/clients/read-endpoint.ts';
import { shortenSecrets } from '../../src/clients/shorten-secrets.ts';
import { startProxy } from '../end-to-end/running-proxy.ts';

const settings = {
  host: '127.0.0.1',
  apiKey: '',
  backend: 'remote',
  model: 'kmodel',
  smallModel: '',
} as const;

async function serve(t: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test('models, sizes and what they see come from the running proxy, and the default model by its name there', async (t) => {
  const proxy = await startProxy('ipc', { settings: { apiKey: 'key-of-mine' } });
  t.after(() => proxy.abandon());
  const port = Number(new URL(proxy.url).port);
  const { endpoint, notes } = await readEndpoint({ ...settings, port, apiKey: 'key-of-mine' });
  assert.deepEqual(notes, []);
  assert.equal(endpoint.model, 'Kimi-K2.6');
  assert.equal(endpoint.models.length, 7);
  assert.deepEqual(
    (await readEndpoint({ ...settings, port, apiKey: 'key-of-mine', model: 'no-such' })).notes,
    [{ kind: 'unknown-model', model: 'no-such' }],
  );
  const refused = await readEndpoint({ ...settings, port, apiKey: 'another' });
  assert.deepEqual(refused.notes, [{ kind: 'refused-key', url: proxy.url }]);
});

test('without a proxy, address and models come from the settings and what is known, and a note says so', async (t) => {
  const port = await serve(t, (_request, response) => response.destroy());
  const { endpoint, notes } = await readEndpoint({ ...settings, host: '0.0.0.0', port });
  assert.equal(endpoint.url, `http://127.0.0.1:${port}`);
  assert.equal(endpoint.model, 'kmodel');
  assert.ok(endpoint.models.some(({ id, contextWindow }) => id === 'kmodel' && contextWindow === 256_000));
  assert.deepEqual(notes, [{ kind: 'not-running', url: endpoint.url }]);
  const ipc = await readEndpoint({ ...settings, backend: 'ipc', port });
  assert.equal(ipc.endpoint.model, 'Kimi-K2.6');
});

test('another program at the port is told from a proxy, and a proxy without models from one that has some', async (t) => {
  const other = await serve(t, (_request, response) => response.end('{"service":"other"}'));
  assert.deepEqual((await readEndpoint({ ...settings, port: other })).notes, [
    { kind: 'other-program', url: `http://127.0.0.1:${other}` },
  ]);
  const waiting = await serve(t, ({ url }, response) => {
    if (url === '/health') response.end('{"service":"lingma-proxy"}');
    else response.writeHead(503).end('{"error":{}}');
  });
  assert.deepEqual((await readEndpoint({ ...settings, port: waiting })).notes, [
    { kind: 'no-models', url: `http://127.0.0.1:${waiting}` },
  ]);
});

test('a port that is another at each start cannot be written anywhere', async () => {
  await assert.rejects(readEndpoint({ ...settings, port: 0 }), ConnectError);
});

test('of secrets only the beginning is shown, whether known, named or recognisable', () => {
  const text = `"apiKey": "my-own-secret"
 "ANTHROPIC_API_KEY": "sk-ant-api03-abcdefghijkl",
{"name": "SOME_TOKEN", "value": "0123456789abcdef"},
 "MAX_TOKENS": "32000",
 "envKey": "LINGMA_PROXY_KEY",
GITHUB_TOKEN = 'plain-text-token'
see ghp_abcdefghijklmnop`;
  const shown = shortenSecrets(text, ['my-own-secret', '']);
  for (const secret of ['own-secret', 'ant-api03', '56789abc', 'text-token', 'abcdefgh']) {
    assert.ok(!shown.includes(secret), shown);
  }
  assert.ok(shown.includes('LINGMA_PROXY_KEY') && shown.includes('32000'));
});
