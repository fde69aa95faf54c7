import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import Fastify from 'fastify';
import { signalOf } from '../../src/server/when-client-leaves.ts';

test('a client that left before anybody asked is noticed all the same', async (t) => {
  const app = Fastify();
  t.after(() => app.close());
  const signal = new Promise<AbortSignal>((resolve) => {
    app.get('/', async (_request, reply) => {
      const closed = once(reply.raw, 'close');
      leaving.abort();
      await closed;
      resolve(signalOf(reply));
    });
  });
  const leaving = new AbortController();
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  fetch(url, { signal: leaving.signal }).catch(() => {});
  assert.equal((await signal).aborted, true);
});

test('a client that has its answer is not taken for one that left', async (t) => {
  const app = Fastify();
  t.after(() => app.close());
  let signal: AbortSignal | undefined;
  const closed = new Promise((resolve) => {
    app.get('/', async (_request, reply) => {
      signal = signalOf(reply);
      reply.raw.once('close', resolve);
      return 'answer';
    });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  assert.equal(await (await fetch(url)).text(), 'answer');
  await closed;
  assert.equal(signal?.aborted, false);
});
