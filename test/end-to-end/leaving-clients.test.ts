import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { backendNames, type RunningProxy, startProxy, until } from './running-proxy.ts';

const endless = { parts: [{ text: 'And so on. '.repeat(20_000) }], chunksPerSecond: 200 };
const messages = [{ role: 'user' as const, content: 'Tell me everything' }];

/** Each package's way to leave in the middle of an answer. */
const leavers = [
  {
    name: 'Chat Completions',
    async leave({ openai }: RunningProxy) {
      const stream = await openai.chat.completions.create({ model: 'kmodel', messages, stream: true });
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
      stream.controller.abort();
    },
  },
  {
    name: 'Responses',
    async leave({ openai }: RunningProxy) {
      const stream = await openai.responses.create({ model: 'kmodel', input: messages, stream: true });
      for await (const event of stream) if (event.type === 'response.output_text.delta') break;
      stream.controller.abort();
    },
  },
  {
    name: 'Messages',
    async leave({ anthropic }: RunningProxy) {
      const stream = anthropic.messages.stream({ model: 'kmodel', max_tokens: 4_000, messages });
      for await (const event of stream) if (event.type === 'content_block_delta') break;
      stream.abort();
    },
  },
  {
    name: 'a whole answer',
    async leave({ openai, simulator }: RunningProxy) {
      const leaving = new AbortController();
      const answer = openai.chat.completions.create(
        { model: 'kmodel', messages },
        { signal: leaving.signal },
      );
      await simulator.until(() => simulator.remote.openRequests + simulator.ipc.runningTurns > 0);
      leaving.abort();
      await assert.rejects(answer, { name: 'Error' });
    },
  },
];

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend, { settings: { prepareSessions: false } });
    });
    beforeEach(() => proxy.simulator.setBrain(() => endless));
    after(() => proxy.close());

    for (const { name, leave } of leavers) {
      test(`${name}: who leaves in mid-answer has the upstream turn cancelled`, async () => {
        const { remote, ipc } = proxy.simulator;
        const cancels = ipc.cancels.length;
        await leave(proxy);
        await proxy.idle();
        if (backend === 'remote') {
          assert.deepEqual(
            [remote.requests.at(-1)?.aborted, remote.requests.at(-1)?.completed],
            [true, false],
          );
        } else {
          await proxy.simulator.until(() => ipc.sessions.size === 0, 'the session is deleted');
          assert.equal(ipc.cancels.length, cancels + 1);
          await until(() => ipc.prompts.at(-1)?.outcome === 'stopped', 'the model stops');
        }
        const record = await proxy.lastRecord();
        assert.deepEqual([record.state, record.error?.kind], ['cancelled', 'cancelled']);
      });
    }

    test('who leaves before anything came has the upstream turn cancelled too', async () => {
      if (backend === 'remote') proxy.simulator.setScenario('remote', [{ stallBefore: 'headers' }]);
      else proxy.simulator.setScenario('ipc', [{ stallAfterChunks: 0 }]);
      const leaving = new AbortController();
      const answer = proxy.anthropic.messages.create(
        { model: 'kmodel', max_tokens: 10, messages, stream: true },
        { signal: leaving.signal },
      );
      const { remote, ipc } = proxy.simulator;
      await proxy.simulator.until(() => remote.openRequests + ipc.runningTurns > 0);
      leaving.abort();
      await assert.rejects(answer);
      await proxy.idle();
      if (backend === 'remote') assert.equal(remote.requests.at(-1)?.aborted, true);
      await proxy.simulator.until(() => ipc.sessions.size === 0, 'the session is deleted');
    });

    test('other answers go on undisturbed when one client leaves', async () => {
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      proxy.simulator.setBrain(async (request) => {
        const text = JSON.stringify(request);
        if (!text.includes('Keep me')) return endless;
        await released;
        return { parts: [{ text: 'Kept' }] };
      });
      const kept = proxy.openai.responses.create({ model: 'kmodel', input: 'Keep me' });
      await leavers[2]?.leave(proxy);
      release();
      assert.equal((await kept).output_text, 'Kept');
    });
  });
}
