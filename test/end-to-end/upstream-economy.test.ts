import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Simulator } from '../../src/demo/simulator.ts';
import { ways } from './official-clients.ts';
import { recordingBrain } from './recording-brain.ts';
import { until, withProxy } from './running-proxy.ts';

test('remote: one chat is one upstream request, and the model list is asked for once', async () => {
  await withProxy('remote', {}, async (proxy) => {
    await proxy.openai.models.list();
    const { remote } = proxy.simulator;
    assert.deepEqual([remote.requestsEver, remote.chatsEver], [1, 0]);
    for (const [index, { ask }] of ways.entries()) {
      await ask(proxy, { text: 'Hello', model: index % 2 === 0 ? 'kmodel' : 'no-such-model' });
    }
    await proxy.openai.models.list();
    await proxy.anthropic.models.list();
    assert.deepEqual([remote.requestsEver, remote.chatsEver], [1 + ways.length, ways.length]);
    const connections = remote.openConnections;
    assert.equal(connections, 1, 'one connection serves all of them, one after the other');
  });
});

test('remote: a chat does not wait for the model list', async () => {
  const before = (simulator: Simulator) =>
    simulator.setScenario('remote', { call: 'models', latencyMs: 1_500 });
  await withProxy('remote', { before }, async (proxy) => {
    proxy.simulator.setBrain(recordingBrain([{ text: 'At once' }]).brain);
    for (const { ask } of ways) assert.equal((await ask(proxy, { text: 'Hello' })).text, 'At once');
    const list = proxy.simulator.remote.requests.find(({ method }) => method === 'GET');
    assert.equal(list?.status, 0, 'the list has not come yet');
  });
});

test('ipc: from the second request on a prepared session is used, one a request, and all are deleted', async () => {
  await withProxy('ipc', {}, async (proxy) => {
    const { ipc } = proxy.simulator;
    for (const [index, { ask }] of ways.entries()) {
      if (index > 0) await until(() => proxy.isPrepared, 'a session is prepared');
      await ask(proxy, { text: 'Hello' });
      const { notes, upstream } = await proxy.lastRecord();
      if (index === 0) continue;
      assert.ok(
        notes.some((note) => note.type === 'remark' && note.text.includes('prepared ahead')),
        JSON.stringify(notes),
      );
      assert.ok(!upstream.some(({ target }) => /session\/(?:new|set_model)/.test(target)));
    }
    await until(() => proxy.isPrepared, 'all but those prepared ahead are deleted');
    const sessions = new Set(ipc.prompts.map(({ sessionId }) => sessionId));
    assert.equal(sessions.size, ways.length);
    assert.equal(ipc.connectionsEver, 1);
  });
});

test('ipc: without preparing there is one session a request and none in between', async () => {
  await withProxy('ipc', { settings: { prepareSessions: false } }, async (proxy) => {
    const { ipc } = proxy.simulator;
    for (const { ask } of ways) {
      await ask(proxy, { text: 'Hello' });
      await proxy.simulator.until(() => ipc.sessions.size === 0, 'its session is deleted');
    }
    assert.deepEqual([ipc.promptsEver, ipc.sessionsEver], [ways.length, ways.length]);
  });
});

test('ipc: in session mode reuse one session serves all, and gets the last message only', async () => {
  await withProxy('ipc', { settings: { sessionMode: 'reuse' } }, async (proxy) => {
    const { brain } = recordingBrain([{ text: 'Yes' }]);
    proxy.simulator.setBrain(brain);
    const conversation = ways[0]?.converse(proxy, { text: 'My first question' });
    await conversation?.answer();
    conversation?.addQuestion('My second question');
    await conversation?.answer();
    const { prompts } = proxy.simulator.ipc;
    assert.equal(new Set(prompts.map(({ sessionId }) => sessionId)).size, 1);
    assert.ok(!prompts[1]?.text.includes('My first question'));
    assert.ok(prompts[1]?.text.includes('My second question'));
  });
});
