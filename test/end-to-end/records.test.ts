import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import type { RequestRecord } from '../../src/recording/record.ts';
import { ways } from './official-clients.ts';
import { recordingBrain } from './recording-brain.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

interface Requests {
  readonly ok: boolean;
  readonly count: number;
  readonly requests: readonly RequestRecord[];
}

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend);
      await proxy.openai.models.list();
    });
    after(() => proxy.close());

    async function get<T>(path: string): Promise<T> {
      const answer = await fetch(proxy.url + path);
      assert.equal(answer.status, 200);
      return (await answer.json()) as T;
    }

    for (const { name, ask, streams } of ways) {
      test(`${name}: the record tells what was asked, what was answered, and what went upstream`, async () => {
        const { brain } = recordingBrain([{ text: '答案 is 42' }]);
        proxy.simulator.setBrain(brain);
        await ask(proxy, { text: 'What is it? 是什么', model: 'claude-sonnet-4-5' });
        const record = await proxy.lastRecord();
        assert.match(record.id, /^req_/);
        assert.ok(Math.abs(Date.parse(record.time) - Date.now()) < 60_000);
        assert.ok(record.durationMs > 0 && record.firstTokenMs !== undefined);
        assert.ok(record.firstTokenMs <= record.durationMs);
        assert.deepEqual(
          [
            record.method,
            record.statusCode,
            record.state,
            record.stream,
            record.modelAsked,
            record.modelUsed,
          ],
          [
            'POST',
            200,
            'done',
            streams,
            'claude-sonnet-4-5',
            backend === 'remote'
              ? 'kmodel'
              : proxy.simulator.ipc.prompts.at(-1)?.params._meta?.['ai-coding/model'],
          ],
        );
        assert.ok(record.request.includes('是什么'), record.request);
        assert.ok(record.response.includes(streams ? '答' : '答案 is 42'), record.response);
        assert.ok(record.requestSize > 0 && record.responseSize > 0);
        assert.ok(record.upstream.some(({ request }) => request.includes('是什么')));
        assert.ok(record.upstream.some(({ response }) => response.includes('42')));
        assert.ok(/openai|anthropic/i.test(record.client), record.client);
      });
    }

    test('fields that have no effect are named', async () => {
      await proxy.openai.chat.completions.create({
        model: 'kmodel',
        messages: [{ role: 'user', content: 'Hi' }],
        service_tier: 'flex',
        logit_bias: { '50256': -100 },
      });
      const { notes } = await proxy.lastRecord();
      const ignored = notes.flatMap((note) => (note.type === 'ignored' ? note.fields : []));
      assert.ok(ignored.includes('service_tier') && ignored.includes('logit_bias'), ignored.join());
    });

    test('an image is a marker with its size, in the request and on its way upstream', async () => {
      const noise = await sharp({
        create: {
          width: 40,
          height: 40,
          channels: 3,
          background: 'red',
          noise: { type: 'gaussian', mean: 9, sigma: 9 },
        },
      })
        .png()
        .toBuffer();
      const data = noise.toString('base64');
      for (const { ask } of ways) {
        await ask(proxy, { text: 'What is this?', image: { mediaType: 'image/png', data } });
        const record = await proxy.lastRecord();
        const text = JSON.stringify(record);
        assert.match(record.request, /redacted[^"]*\d+ bytes/);
        assert.ok(!text.includes(data.slice(100, 160)));
        assert.ok(text.length < 30_000, `${text.length} characters`);
      }
    });

    test('the newest come first, the limit is clamped, and inspecting leaves no record', async () => {
      for (const text of ['first', 'second']) await ways[0]?.ask(proxy, { text });
      await proxy.idle();
      const two = await get<Requests>('/debug/requests?limit=2');
      assert.deepEqual([two.ok, two.count, two.requests.length], [true, 2, 2]);
      assert.ok(two.requests[0]?.request.includes('second') && two.requests[1]?.request.includes('first'));
      const all = await get<Requests>('/api/requests?limit=100000');
      assert.equal((await get<Requests>('/debug/requests?limit=0')).count, 1);
      for (const path of ['/debug/access-logs', '/debug/logs', '/api/access-logs', '/api/logs']) {
        const { ok, logs } = await get<{
          ok: boolean;
          logs: { time: string; level: string; message: string }[];
        }>(path);
        assert.ok(ok && logs.some(({ message }) => message.includes('POST /v1/')));
      }
      assert.equal((await get<Requests>('/api/requests?limit=100000')).count, all.count);
    });

    test('health tells the state of things', async () => {
      const health = await get<Record<string, unknown>>('/health');
      assert.deepEqual([health['ok'], health['service']], [true, 'lingma-proxy']);
      const state = health['state'] as Record<string, unknown>;
      const { remote, ipc, loginRoot } = proxy.simulator;
      assert.deepEqual(
        [state['status'], state['backend'], state['endpoint'], state['modelCount'], state['running']],
        ['ready', backend, backend === 'remote' ? remote.url : ipc.url, 7, 0],
      );
      if (backend === 'remote') assert.ok(String(state['loginSource']).startsWith(loginRoot));
    });
  });
}
