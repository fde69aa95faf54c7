import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startSimulator } from '../../src/demo/simulator.ts';
import { startProxyProcess } from '../clients/proxy-process.ts';
import { unlessPosix } from '../toolchain/posix.ts';
import { allEvents } from './event-stream.ts';
import { backendNames } from './running-proxy.ts';

const endless = { parts: [{ text: 'And so on. '.repeat(50_000) }], chunksPerSecond: 50 };
const messages = [{ role: 'user', content: 'Tell me everything' }];

function post(url: string, path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

// Each waits for most of the 10 s that a stop may take, so they wait together.
describe('SIGTERM', { concurrency: true, skip: unlessPosix }, () => {
  for (const backend of backendNames) {
    test(`over ${backend}: a short answer ends, a long one is cut off in its dialect's words, and the process ends with 0`, async (context) => {
      const simulator = await startSimulator();
      context.after(() => simulator.close());
      const proxy = await startProxyProcess(['--backend', backend], simulator.environment);
      context.after(() => proxy.stop());
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      simulator.setBrain(async (request) => {
        if (!JSON.stringify(request).includes('be short')) return endless;
        await released;
        return { parts: [{ text: 'Short' }] };
      });
      const short = post(proxy.url, '/v1/responses', { model: 'kmodel', input: 'be short' });
      const long = await post(proxy.url, '/v1/messages', {
        model: 'kmodel',
        max_tokens: 9,
        stream: true,
        messages,
      });
      const chat = await post(proxy.url, '/v1/chat/completions', { model: 'kmodel', stream: true, messages });
      await simulator.until(() => simulator.remote.openRequests === 3 || simulator.ipc.runningTurns === 3);

      const began = performance.now();
      const stopped = proxy.stop();
      release();
      assert.equal((await short).status, 200);
      const events = await allEvents(long);
      assert.ok(!events.some(({ name }) => name === 'message_stop'));
      assert.equal(events.at(-1)?.name, 'error');
      const chunks = await allEvents(chat);
      assert.ok(!chunks.some(({ data }) => data === '[DONE]'));
      assert.ok(JSON.parse(chunks.at(-1)?.data ?? '').error);
      assert.equal(await stopped, 0);
      assert.ok(performance.now() - began < 10_000, 'within 10 s');
      await simulator.until(() => simulator.ipc.sessions.size === 0, 'all sessions are deleted');
      await simulator.until(() => simulator.remote.openRequests === 0, 'all upstream requests have ended');
      assert.deepEqual(simulator.violations, []);
    });
  }
});
