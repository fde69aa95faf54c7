import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SimulatedRequest } from '../../src/demo/brain.ts';
import { ways } from './official-clients.ts';
import { readable } from './recording-brain.ts';
import { backendNames, until, withProxy } from './running-proxy.ts';

/** A model that answers each question when told to. */
function patientBrain() {
  const waiting = new Map<string, () => void>();
  const order: string[] = [];
  const brain = async (request: SimulatedRequest) => {
    const name = /question-(\w+)/.exec(readable(request))?.[1] ?? '';
    order.push(name);
    await new Promise<void>((resolve) => waiting.set(name, resolve));
    return { parts: [{ text: `answer-${name}` }] };
  };
  return { brain, order, answer: (name: string) => waiting.get(name)?.() };
}

for (const backend of backendNames) {
  test(`over ${backend}: an upstream that stays silent is given up after the idle time-out`, async () => {
    const settings = { idleTimeoutSeconds: 0.2, remoteFallbackEnabled: false };
    await withProxy(backend, { settings }, async (proxy) => {
      if (backend === 'remote') proxy.simulator.setScenario('remote', { stallBefore: 'first-byte' });
      else proxy.simulator.setScenario('ipc', { stallAfterChunks: 0 });
      for (const { ask } of ways) {
        await assert.rejects(ask(proxy, { text: 'Hello' }), { status: 504, message: /sent nothing/ });
      }
      assert.equal((await proxy.lastRecord()).error?.kind, 'timeout');
    });
  });

  test(`over ${backend}: an answer that takes longer than the time-out setting ends with that as its reason`, async () => {
    await withProxy(backend, { settings: { timeoutSeconds: 0.3 } }, async (proxy) => {
      const slow = { parts: [{ text: 'And so on. '.repeat(5_000) }], chunksPerSecond: 100 };
      proxy.simulator.setBrain(() => slow);
      for (const { ask, streams } of ways) {
        const timeout = streams ? { message: /timeout/ } : { status: 504, message: /timeout/ };
        await assert.rejects(ask(proxy, { text: 'Hello' }), timeout);
        assert.equal((await proxy.lastRecord()).error?.kind, 'timeout');
      }
    });
  });

  test(`over ${backend}: requests beyond the limit wait in order, and one that leaves loses only its own place`, async () => {
    await withProxy(backend, { settings: { maxConcurrent: 1 } }, async (proxy) => {
      const { brain, order, answer } = patientBrain();
      proxy.simulator.setBrain(brain);
      const leaving = new AbortController();
      const ask = (name: string, signal = new AbortController().signal) =>
        proxy.openai.responses
          .create({ model: 'kmodel', input: `question-${name}` }, { signal })
          .then(({ output_text }) => output_text);
      const answers: Promise<string>[] = [];
      for (const name of ['one', 'two', 'three', 'four']) {
        const waitingBefore = proxy.state.waiting;
        answers.push(ask(name, name === 'three' ? leaving.signal : undefined));
        if (name === 'one') await until(() => order.length === 1, 'the first is asked');
        else await until(() => proxy.state.waiting === waitingBefore + 1, `${name} waits`);
      }
      assert.deepEqual([proxy.state.running, proxy.state.waiting], [1, 3]);
      const [one, two, three, four] = answers;
      leaving.abort();
      await assert.rejects(three ?? Promise.resolve());
      await until(() => proxy.state.waiting === 2, 'the one that left waits no longer');
      answer('one');
      assert.equal(await one, 'answer-one');
      await until(() => order.length === 2, 'the second is asked');
      answer('two');
      assert.equal(await two, 'answer-two');
      await until(() => order.length === 3, 'the fourth is asked');
      answer('four');
      assert.equal(await four, 'answer-four');
      assert.deepEqual(order, ['one', 'two', 'four']);
      const records = await proxy.records(4);
      const waited = records.flatMap(({ notes }) => notes.filter(({ type }) => type === 'admitted'));
      assert.equal(waited.length, 3);
      assert.equal(records.filter(({ state }) => state === 'cancelled').length, 1);
    });
  });
}
