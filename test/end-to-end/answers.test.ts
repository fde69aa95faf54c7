import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ways } from './official-clients.ts';
import { readable, recordingBrain } from './recording-brain.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

const exact =
  '  \n\tIndented, then 你好，世界！ 👩‍👩‍👧‍👦 𠮷野家\r\n\r\n```js\nif (a < b && c) { "x\\n" }\n```\n e\u0301 \u00a0 \u2028 end  \n';

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend);
    });
    after(() => proxy.close());

    for (const { name, ask, converse, client } of ways) {
      test(`${name}: text arrives exactly as the model wrote it`, async () => {
        const { brain } = recordingBrain({ parts: [{ text: exact }], chunkSize: 3 });
        proxy.simulator.setBrain(brain);
        const answer = await ask(proxy, { text: 'Anything' });
        assert.equal(answer.text, exact);
        assert.equal(answer.ended, client.ends.stop);
        assert.equal(answer.model, 'kmodel');
        assert.deepEqual([answer.reasoning, answer.calls], ['', []]);
      });

      test(`${name}: the question and the instructions arrive exactly as they were written`, async () => {
        const { brain, asked } = recordingBrain([{ text: 'Fine' }]);
        proxy.simulator.setBrain(brain);
        await ask(proxy, { text: `${exact}?`, system: '你是一只猫 🐱.  Answer as one.' });
        const read = readable(asked[0]);
        const isThere = (text: string) =>
          read.includes(backend === 'ipc' ? text : JSON.stringify(text).slice(1, -1));
        assert.ok(isThere(`${exact}?`), read);
        assert.ok(isThere('你是一只猫 🐱.  Answer as one.'), read);
      });

      test(`${name}: a conversation goes on with all that was said`, async () => {
        const { brain, asked } = recordingBrain([{ text: 'My name is 小灵.' }], [{ text: 'I said 小灵.' }]);
        proxy.simulator.setBrain(brain);
        const conversation = converse(proxy, { text: 'Who are you?' });
        await conversation.answer();
        conversation.addQuestion('What did you say?');
        assert.equal((await conversation.answer()).text, 'I said 小灵.');
        const read = readable(asked[1]);
        const positions = ['Who are you?', 'My name is 小灵.', 'What did you say?'].map((text) =>
          read.indexOf(text),
        );
        assert.ok(!positions.includes(-1), read);
        assert.deepEqual(
          positions,
          positions.toSorted((one, other) => one - other),
        );
      });

      test(`${name}: an answer that reached the model's limit says so`, async () => {
        if (backend === 'ipc') proxy.simulator.setScenario('ipc', [{ chatFinish: { reason: 'max_tokens' } }]);
        const { brain } = recordingBrain({ parts: [{ text: 'Cut off in the mid' }], finishReason: 'length' });
        proxy.simulator.setBrain(brain);
        const answer = await ask(proxy, { text: 'A long story, please' });
        assert.equal(answer.text, 'Cut off in the mid');
        assert.ok(['length', 'incomplete', 'max_tokens'].includes(answer.ended ?? ''), String(answer.ended));
      });
    }
  });
}
