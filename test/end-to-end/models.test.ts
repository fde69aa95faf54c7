import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { simulatedModels } from '../../src/demo/model-catalogue.ts';
import { gather } from './event-stream.ts';
import { recordingBrain } from './recording-brain.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

for (const backend of backendNames) {
  const listed = simulatedModels.map(({ name, key }) => (backend === 'remote' ? key : name));

  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend);
    });
    after(() => proxy.close());

    test('both packages list every model, page by page', async () => {
      const openai = await gather(proxy.openai.models.list());
      assert.deepEqual(openai.map(({ id }) => id).toSorted(), listed.toSorted());
      const anthropic = await gather(proxy.anthropic.models.list({ limit: 2 }));
      assert.deepEqual(
        anthropic.map(({ id }) => id),
        openai.map(({ id }) => id),
      );
    });

    test('both packages find a model by either of its names, and learn of one that is not there', async () => {
      for (const name of ['kmodel', 'Kimi-K2.6']) {
        const wanted = backend === 'remote' ? 'kmodel' : 'Kimi-K2.6';
        assert.equal((await proxy.openai.models.retrieve(name)).id, wanted);
        assert.equal((await proxy.anthropic.models.retrieve(name)).id, wanted);
      }
      await assert.rejects(proxy.openai.models.retrieve('nobody'), OpenAI.NotFoundError);
      await assert.rejects(proxy.anthropic.models.retrieve('nobody'), Anthropic.NotFoundError);
    });

    test('either name of a model, and the names of others, reach a model; the answer carries the name asked for', async () => {
      const { brain, asked } = recordingBrain([{ text: 'Here' }]);
      proxy.simulator.setBrain(brain);
      const names = ['mmodel', 'MiniMax-M2.7', 'claude-sonnet-4-5', 'gpt-5', 'no-such-model'];
      for (const model of names) {
        const answer = await proxy.openai.chat.completions.create({
          model,
          messages: [{ role: 'user', content: 'Hi' }],
        });
        assert.equal(answer.model, model);
        assert.equal((await proxy.lastRecord()).modelAsked, model);
      }
      const used = backend === 'remote' ? ['mmodel', 'kmodel'] : ['MiniMax-M2.7', 'Kimi-K2.6'];
      assert.deepEqual(
        asked.map(({ model }) => model),
        [used[0], used[0], used[1], used[1], used[1]],
      );
    });
  });
}
