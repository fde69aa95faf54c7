import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ways } from './official-clients.ts';
import { readable, recordingBrain } from './recording-brain.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

// What the upstream has no field for: stop sequences, JSON formats, and counting.

const schema = {
  type: 'object' as const,
  properties: { city: { type: 'string' }, people: { type: 'integer' } },
  required: ['city', 'people'],
  additionalProperties: false,
};
const json = '{"city": "北京", "people": 21890000}';

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend);
    });
    after(() => proxy.close());

    for (const { name, ask, client, streams } of ways) {
      if (client.name !== 'Responses') {
        test(`${name}: a stop sequence cuts the text, and the upstream turn`, async () => {
          const { brain } = recordingBrain({
            parts: [{ text: 'One, two, EN' }, { text: 'D three, four' }, { text: ', and more'.repeat(500) }],
            chunkSize: 4,
          });
          proxy.simulator.setBrain(brain);
          const answer = await ask(proxy, { text: 'Count', stop: ['never', 'END'] });
          assert.equal(answer.text, 'One, two, ');
          assert.equal(answer.ended, client.name === 'Messages' ? 'stop_sequence' : 'stop');
          assert.equal(answer.stopSequence, 'END');
          await proxy.idle();
        });

        test(`${name}: text that only begins like a stop sequence is whole`, async () => {
          const { brain } = recordingBrain({
            parts: [{ text: 'The EN, the E, and at last EN' }],
            chunkSize: 1,
          });
          proxy.simulator.setBrain(brain);
          const answer = await ask(proxy, { text: 'Count', stop: ['END'] });
          assert.deepEqual(
            [answer.text, answer.stopSequence, answer.ended],
            ['The EN, the E, and at last EN', undefined, client.ends.stop],
          );
        });
      }

      test(`${name}: a JSON format is asked of the model, and a fence around its answer taken off`, async () => {
        const { brain, asked } = recordingBrain([{ text: `\`\`\`json\n${json}\n\`\`\`` }]);
        proxy.simulator.setBrain(brain);
        const answer = await ask(proxy, { text: 'Where?', schema });
        assert.deepEqual(JSON.parse(answer.text), JSON.parse(json));
        assert.ok(readable(asked[0]).includes('additionalProperties'));
        assert.equal(asked.length, 1);
      });

      test(`${name}: an answer that does not fit its format is ${streams ? 'noted' : 'asked for again'}`, async () => {
        const { brain, asked } = recordingBrain([{ text: '{"city": 1}' }], [{ text: json }]);
        proxy.simulator.setBrain(brain);
        const answer = await ask(proxy, { text: 'Where?', schema });
        const { notes } = await proxy.lastRecord();
        if (streams) {
          assert.equal(answer.text, '{"city": 1}');
          assert.ok(notes.some((note) => note.type === 'remark' && /does not fit/.test(note.text)));
        } else {
          assert.equal(answer.text, json);
          assert.ok(notes.some((note) => note.type === 'attempt' && note.backend === 'json-output'));
        }
        assert.equal(asked.length, streams ? 1 : 2);
      });

      test(`${name}: usage is upstream's where it counts, else a marked estimate`, async () => {
        const counted = { inputTokens: 1_234, outputTokens: 56 };
        const { brain } = recordingBrain(
          { parts: [{ text: 'Counted' }], usage: counted },
          { parts: [{ text: 'Not counted' }], usage: 'withheld' },
        );
        proxy.simulator.setBrain(brain);
        const first = await ask(proxy, { text: 'How much?' });
        const record = await proxy.lastRecord();
        if (backend === 'remote') {
          assert.deepEqual(first.usage, { input: 1_234, output: 56, estimated: false });
          assert.deepEqual(
            [record.inputTokens, record.outputTokens, record.usageSource],
            [1_234, 56, 'upstream'],
          );
        }
        const second = await ask(proxy, { text: 'How much?' });
        assert.ok(second.usage.input > 0 && second.usage.output > 0);
        assert.equal(second.usage.estimated, true);
        assert.equal((await proxy.lastRecord()).usageSource, 'estimate');
      });
    }

    test('count_tokens grows with what is sent, and asks nobody', async () => {
      const { remote, ipc } = proxy.simulator;
      await proxy.idle();
      const before = [remote.chatsEver, ipc.promptsEver];
      const count = async (
        content: string,
        tools: { name: string; input_schema: { type: 'object' } }[] = [],
      ) => {
        const { input_tokens } = await proxy.anthropic.messages.countTokens({
          model: 'kmodel',
          messages: [{ role: 'user', content }],
          tools,
        });
        return input_tokens;
      };
      const [short, long, withTool] = [
        await count('Hi'),
        await count('你好，世界。'.repeat(100)),
        await count('Hi', [{ name: 'read_file', input_schema: { type: 'object' } }]),
      ];
      assert.ok(short > 0 && long >= 500 && withTool > short, `${short} ${long} ${withTool}`);
      assert.deepEqual([remote.chatsEver, ipc.promptsEver], before);
    });
  });
}
