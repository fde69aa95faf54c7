import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RemoteScenario } from '../../src/demo/scenarios.ts';
import { ways } from './official-clients.ts';
import { type RunningProxy, withProxy } from './running-proxy.ts';

const faults: readonly [what: string, scenario: RemoteScenario][] = [
  ['is limited', { status: 429 }],
  ['fails', { status: 502 }],
  ['breaks the connection', { reset: true }],
  ['breaks off before the first content', { resetAfterBytes: 1 }],
  [
    'reports an error before the first content',
    { errorEnvelope: { afterChunks: 0, statusCodeValue: 503, message: '' } },
  ],
  ['stays silent', { stallBefore: 'first-byte' }],
];

/** Runs a test with a proxy that knows which models there are. */
function withModels(run: (proxy: RunningProxy) => Promise<void>): Promise<void> {
  return withProxy('remote', { settings: { idleTimeoutSeconds: 0.3 } }, async (proxy) => {
    proxy.simulator.setBrain(({ model }) => ({ parts: [{ text: `This is ${model}` }] }));
    await proxy.openai.models.list();
    await run(proxy);
  });
}

for (const [index, [what, scenario]] of faults.entries()) {
  const way = ways[index % ways.length];
  test(`${way?.name}: when a model ${what}, the next one answers, under its own name and on the record`, async () => {
    await withModels(async (proxy) => {
      proxy.simulator.setScenario('remote', [scenario]);
      const answer = await way?.ask(proxy, { text: 'Who is there?' });
      assert.deepEqual([answer?.text, answer?.model], ['This is mmodel', 'mmodel']);
      const { notes, upstream, state, modelAsked } = await proxy.lastRecord();
      const attempts = notes.flatMap((note) => (note.type === 'attempt' ? [note.model] : []));
      assert.deepEqual(attempts, ['kmodel', 'mmodel']);
      assert.deepEqual([state, modelAsked, upstream.length], ['done', 'kmodel', 2]);
    });
  });
}

test('a model that failed a moment ago is passed over without being asked', async () => {
  await withModels(async (proxy) => {
    proxy.simulator.setScenario('remote', [{ status: 503 }]);
    await ways[0]?.ask(proxy, { text: 'Who is there?' });
    const { chatsEver } = proxy.simulator.remote;
    const answer = await ways[0]?.ask(proxy, { text: 'And now?' });
    assert.equal(answer?.model, 'mmodel');
    assert.equal(proxy.simulator.remote.chatsEver, chatsEver + 1);
  });
});

test('what another model would refuse as well is not tried again', async () => {
  await withModels(async (proxy) => {
    for (const status of [400, 401, 403]) {
      const { chatsEver } = proxy.simulator.remote;
      proxy.simulator.setScenario('remote', [{ status }]);
      await assert.rejects(ways[0]?.ask(proxy, { text: 'Hello' }) ?? Promise.reject(), { status });
      assert.equal(proxy.simulator.remote.chatsEver, chatsEver + 1);
    }
  });
});

test('when all fail, the client gets the last error and a time to come back', async () => {
  await withModels(async (proxy) => {
    proxy.simulator.setScenario('remote', { status: 429, retryAfterSeconds: 3 });
    for (const { ask, streams } of ways) {
      await assert.rejects(ask(proxy, { text: 'Hello' }), { status: 429 }, streams ? 'streamed' : 'whole');
    }
  });
});

test('once content went out, nothing is begun again', async () => {
  await withModels(async (proxy) => {
    const { chatsEver } = proxy.simulator.remote;
    proxy.simulator.setBrain(() => ({ parts: [{ text: 'Partly said, and then '.repeat(20) }] }));
    proxy.simulator.setScenario('remote', [{ resetAfterBytes: 3_000 }]);
    await assert.rejects(ways[1]?.ask(proxy, { text: 'Hello' }) ?? Promise.reject());
    assert.equal(proxy.simulator.remote.chatsEver, chatsEver + 1);
  });
});
