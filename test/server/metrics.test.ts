import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProxyError } from '../../src/core/errors.ts';
import {
  answer,
  apis,
  ended,
  ownerKey,
  replay,
  type Served,
  type ServedOptions,
  serve,
  started,
} from './served.ts';

const ann = { name: 'ann', key: 'key-of-ann', mayInspect: false, requestsPerMinute: 0 };

/** The figures by name and labels, as Prometheus reads them. */
async function read(served: Served, headers: Record<string, string> = {}): Promise<Map<string, number>> {
  const response = await served.fetch('/metrics', { headers });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

const answering: ServedOptions['run'] = (_turn, { trace }) => {
  trace.note({ type: 'admitted', waitedMs: 40 });
  trace.note({ type: 'model', asked: 'gpt-5', used: 'kmodel', rule: 'default' });
  trace.note({ type: 'attempt', backend: 'remote', model: 'mmodel', why: 'the model asked for' });
  trace.note({ type: 'attempt', backend: 'remote', model: 'kmodel', why: 'mmodel failed' });
  return replay(answer('Hello'));
};

describe('figures', () => {
  test('count what ended, by api, model, backend, status and key', async (t) => {
    const served = await serve(t, { settings: { metrics: 'key', keys: [ann] }, run: answering });
    const init = { headers: { 'x-api-key': 'key-of-ann' } };
    await served.post('/v1/messages', apis[2].body, init);
    await served.post('/v1/messages', apis[2].body, init);
    await served.lastRecord();
    const figures = await read(served, init.headers);
    const about = 'api="messages",model="kmodel",backend="remote"';
    const at = (name: string) => figures.get(name);
    assert.equal(at(`lingma_proxy_requests_total{${about},status="2xx",outcome="done",key="ann"}`), 2);
    assert.equal(at(`lingma_proxy_request_duration_seconds_count{${about}}`), 2);
    assert.equal(at(`lingma_proxy_time_to_first_token_seconds_count{${about}}`), 2);
    assert.equal(at('lingma_proxy_queue_wait_seconds_sum'), 0.08);
    assert.equal(at(`lingma_proxy_upstream_retries_total{${about}}`), 2);
    const tokens = (direction: string) =>
      at(`lingma_proxy_tokens_total{${about},direction="${direction}",source="upstream",key="ann"}`);
    assert.deepEqual([tokens('input'), tokens('output')], [6, 4]);
    assert.equal(at('lingma_proxy_requests_in_flight'), 0);
    assert.equal(at('lingma_proxy_ready'), 1);
    assert.equal(at('lingma_proxy_models'), 2);
    assert.equal(at('lingma_proxy_info{version="1.2.3",backend="remote"}'), 1);
    assert.ok((at('process_resident_memory_bytes') ?? 0) > 1_000_000);
  });

  test('what a client makes up becomes no label, so that their number stays bounded', async (t) => {
    const served = await serve(t, { settings: { metrics: 'open' } });
    for (let count = 0; count < 5; count++) {
      await served.post('/v1/chat/completions', { ...apis[0].body, model: `made-up-${count}` });
      await served.fetch(`/nothing/${count}`);
      await served.post('/v1/messages', { model: `broken-${count}` });
    }
    await served.lastRecord();
    const names = [...(await read(served)).keys()];
    assert.doesNotMatch(names.join('\n'), /made-up|nothing|broken/);
    const counted = names.filter((name) => name.startsWith('lingma_proxy_requests_total'));
    assert.equal(counted.length, 2);
  });

  test('a failure counts by its status, and a request that goes on as in flight', async (t) => {
    let fail = true;
    let release = () => {};
    const served = await serve(t, {
      settings: { metrics: 'open' },
      run: async function* () {
        if (fail) throw new ProxyError('upstream-unavailable', 'Upstream is away.');
        yield started;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        yield ended;
      },
    });
    await served.post('/v1/chat/completions', apis[0].body);
    fail = false;
    const slow = served.post('/v1/chat/completions', apis[0].body);
    while (served.recorder.running === 0) await new Promise((resolve) => setImmediate(resolve));
    const figures = await read(served);
    assert.equal(figures.get('lingma_proxy_requests_in_flight'), 1);
    const failed = [...figures].find(([name]) => name.includes('outcome="failed"'));
    assert.match(failed?.[0] ?? '', /status="5xx"/);
    assert.equal(failed?.[1], 1);
    release();
    await slow;
  });
});

describe('who may read them', () => {
  const status = async (served: Served, headers: Record<string, string> = {}) =>
    (await served.fetch('/metrics', { headers })).status;

  test('off: they are not there', async (t) => {
    assert.equal(await status(await serve(t)), 404);
  });

  test('key: who has any key; without keys every program on this computer, but no browser', async (t) => {
    const keyed = await serve(t, { settings: { metrics: 'key', keys: [ownerKey('k'), ann] } });
    assert.equal(await status(keyed), 401);
    assert.equal(await status(keyed, { authorization: 'Bearer key-of-ann' }), 200);
    const unkeyed = await serve(t, { settings: { metrics: 'key' } });
    assert.equal(await status(unkeyed), 200);
    assert.equal(await status(unkeyed, { 'sec-fetch-site': 'none' }), 401);
  });

  test('open: who can reach them; reading them is not recorded', async (t) => {
    const served = await serve(t, { settings: { metrics: 'open', keys: [ownerKey('k')] } });
    assert.equal(await status(served), 200);
    assert.deepEqual(served.recorder.list(10), []);
  });
});
