import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type OpenAI from 'openai';
import { ways } from './official-clients.ts';
import { readable, recordingBrain } from './recording-brain.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

const thought = 'Hm, 9.11 or 9.8? 让我想想… 🤔\n\nThe second.';

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend);
    });
    after(() => proxy.close());

    for (const { name, ask, converse } of ways) {
      test(`${name}: thoughts are shown to who asked for them`, async () => {
        const { brain, asked } = recordingBrain([{ thought }, { text: '9.8' }]);
        proxy.simulator.setBrain(brain);
        const answer = await ask(proxy, { text: 'Which is larger?', reasoning: true });
        assert.deepEqual([answer.reasoning, answer.text], [thought, '9.8']);
        if (asked[0]?.backend === 'remote') assert.equal(asked[0].reasoning, true);
      });

      test(`${name}: thoughts are kept from who did not, and are on the record`, async () => {
        const { brain, asked } = recordingBrain([{ thought }, { text: '9.8' }]);
        proxy.simulator.setBrain(brain);
        const answer = await ask(proxy, { text: 'Which is larger?' });
        assert.deepEqual([answer.reasoning, answer.text], ['', '9.8']);
        if (asked[0]?.backend === 'remote') assert.equal(asked[0].reasoning, false);
        const { upstream, response } = await proxy.lastRecord();
        assert.ok(upstream.some((exchange) => exchange.response.includes('9.11')));
        assert.ok(!response.includes('9.11'), response);
      });

      test(`${name}: where the model did not think aloud, nothing is made up`, async () => {
        const { brain } = recordingBrain([{ text: '9.8' }]);
        proxy.simulator.setBrain(brain);
        const answer = await ask(proxy, { text: 'Which is larger?', reasoning: true });
        assert.deepEqual([answer.reasoning, answer.text], ['', '9.8']);
      });

      test(`${name}: thoughts that come back in the history are accepted and not sent on as text`, async () => {
        const { brain, asked } = recordingBrain([{ thought }, { text: '9.8' }], [{ text: 'Sure' }]);
        proxy.simulator.setBrain(brain);
        const conversation = converse(proxy, { text: 'Which is larger?', reasoning: true });
        await conversation.answer();
        conversation.addQuestion('Sure?');
        assert.equal((await conversation.answer()).text, 'Sure');
        const request = asked[1];
        assert.ok(readable(request).includes('9.8'));
        const spoken =
          request?.backend === 'remote'
            ? request.messages.map(({ content }) => content).join('\n')
            : readable(request);
        assert.ok(!spoken.includes('9.11'), spoken);
      });
    }

    test('Responses: encrypted thoughts are given when asked for, and taken back', async () => {
      const { brain } = recordingBrain([{ thought }, { text: '9.8' }], [{ text: 'Sure' }]);
      proxy.simulator.setBrain(brain);
      const common = {
        model: 'kmodel',
        store: false,
        include: ['reasoning.encrypted_content' as const],
        reasoning: { effort: 'high' as const },
      };
      const question = { role: 'user' as const, content: 'Which is larger?' };
      const first = await proxy.openai.responses.create({ ...common, input: [question] });
      const item = first.output.find(({ type }) => type === 'reasoning');
      assert.ok(item?.type === 'reasoning' && item.encrypted_content);
      const second = await proxy.openai.responses.create({
        ...common,
        input: [
          question,
          ...(first.output as OpenAI.Responses.ResponseInputItem[]),
          { role: 'user', content: 'Sure?' },
        ],
      });
      assert.equal(second.output_text, 'Sure');
    });

    test('Messages: streamed thoughts carry a signature', async () => {
      const { brain } = recordingBrain([{ thought }, { text: '9.8' }]);
      proxy.simulator.setBrain(brain);
      const message = await proxy.anthropic.messages
        .stream({
          model: 'kmodel',
          max_tokens: 4_000,
          thinking: { type: 'enabled', budget_tokens: 1_024 },
          messages: [{ role: 'user', content: 'Which is larger?' }],
        })
        .finalMessage();
      const [block] = message.content;
      assert.ok(block?.type === 'thinking' && block.signature !== '');
    });
  });
}
