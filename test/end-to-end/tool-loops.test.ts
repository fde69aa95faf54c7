import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { renderActionBlock } from '../../src/demo/brain.ts';
import type { Tool } from './conversation.ts';
import { ways } from './official-clients.ts';
import { readable, recordingBrain } from './recording-brain.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

const readFile: Tool = {
  name: 'read_file',
  description: 'Reads a file',
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};
const add: Tool = {
  name: 'add',
  description: 'Adds numbers',
  parameters: {
    type: 'object',
    properties: { terms: { type: 'array', items: { type: 'number' } }, note: { type: 'string' } },
    required: ['terms'],
  },
};
const tools = [readFile, add];
const path = 'C:\\temp\\"报告" 📄.txt';

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend);
    });
    after(() => proxy.close());

    for (const { name, converse, ask, client, streams } of ways) {
      test(`${name}: a task of several steps goes through call, result, call, result, answer`, async () => {
        const { brain, asked } = recordingBrain(
          [{ text: 'Let me look.' }, { toolCall: { name: 'read_file', arguments: { path } } }],
          [{ toolCall: { name: 'add', arguments: { terms: [1, 2.5], note: '```\n不是 the end' } } }],
          [{ text: 'It is 3.5 ✅' }],
        );
        proxy.simulator.setBrain(brain);
        const conversation = converse(proxy, { text: 'Add up the file', tools });

        const first = await conversation.answer();
        assert.equal(first.text.trim(), 'Let me look.');
        assert.deepEqual(
          first.calls.map(({ name, input }) => [name, input]),
          [['read_file', { path }]],
        );
        assert.equal(first.ended, client.ends.calls);
        conversation.addResults([{ id: first.calls[0]?.id ?? '', output: '1\n2.5\n  第三行\n' }]);

        const second = await conversation.answer();
        assert.deepEqual(
          second.calls.map(({ name, input }) => [name, input]),
          [['add', { terms: [1, 2.5], note: '```\n不是 the end' }]],
        );
        assert.notEqual(second.calls[0]?.id, first.calls[0]?.id);
        conversation.addResults([{ id: second.calls[0]?.id ?? '', output: '3.5' }]);

        const last = await conversation.answer();
        assert.deepEqual([last.text, last.calls, last.ended], ['It is 3.5 ✅', [], client.ends.stop]);
        assert.equal(asked.length, 3);
        const read = readable(asked[2]);
        for (const part of ['第三行', '3.5', first.calls[0]?.id, second.calls[0]?.id, 'Let me look.']) {
          assert.ok(part && read.includes(part), `${part} is not in ${read}`);
        }
      });

      test(`${name}: several calls in one answer get their own results`, async () => {
        if (backend === 'remote') proxy.simulator.setScenario('remote', [{ toolCalls: 'interleaved' }]);
        const paths = ['a.txt', 'b.txt', 'c.txt'];
        const { brain, asked } = recordingBrain(
          paths.map((each) => ({ toolCall: { name: 'read_file', arguments: { path: each } } })),
          [{ text: 'All read' }],
        );
        proxy.simulator.setBrain(brain);
        const conversation = converse(proxy, { text: 'Read all three', tools });
        const { calls } = await conversation.answer();
        assert.deepEqual(
          calls.map(({ input }) => input),
          paths.map((each) => ({ path: each })),
        );
        assert.equal(new Set(calls.map(({ id }) => id)).size, 3);
        // In another order than that of the calls, as tools end.
        conversation.addResults(
          calls.map(({ id }, index) => ({ id, output: `content ${paths[index]}` })).toReversed(),
        );
        assert.equal((await conversation.answer()).text, 'All read');
        const request = asked[1];
        if (request?.backend === 'remote') {
          const results = request.messages.filter((message) => message.role === 'tool');
          for (const [index, { id }] of calls.entries()) {
            const result = results.find((message) => message.tool_call_id === id);
            assert.equal(result?.content, `content ${paths[index]}`);
          }
        } else for (const each of paths) assert.ok(readable(request).includes(`content ${each}`));
      });

      test(`${name}: a required call is made`, async () => {
        const call = { toolCall: { name: 'add', arguments: { terms: [1] } } };
        // Without native tools a model may forget; it is then asked once more.
        const { brain, asked } =
          backend === 'ipc' ? recordingBrain([{ text: 'I could add.' }], [call]) : recordingBrain([call]);
        proxy.simulator.setBrain(brain);
        const { calls, text, ended } = await ask(proxy, { text: 'Go', tools, choice: 'required' });
        assert.deepEqual(
          calls.map(({ name, input }) => [name, input]),
          [['add', { terms: [1] }]],
        );
        assert.deepEqual([text, ended], ['', client.ends.calls]);
        const request = asked[0];
        if (request?.backend === 'remote') assert.equal(request.toolChoice, 'required');
        const { notes } = await proxy.lastRecord();
        const retries = notes.filter((note) => note.type === 'attempt' && note.backend === 'tool-emulation');
        assert.equal(retries.length, backend === 'ipc' ? 1 : 0);
      });

      test(`${name}: a named tool is the only one to choose from`, async () => {
        const { brain, asked } = recordingBrain([{ toolCall: { name: 'add', arguments: { terms: [7] } } }]);
        proxy.simulator.setBrain(brain);
        const { calls } = await ask(proxy, { text: 'Go', tools, choice: { name: 'add' } });
        assert.deepEqual(
          calls.map(({ name, input }) => [name, input]),
          [['add', { terms: [7] }]],
        );
        const request = asked[0];
        if (request?.backend === 'remote') {
          assert.deepEqual(request.toolChoice, { type: 'function', function: { name: 'add' } });
        } else assert.ok(!readable(request).includes('Reads a file'));
      });

      test(`${name}: without permission to call, an answer in words comes`, async () => {
        const block = renderActionBlock({ name: 'add', arguments: { terms: [1] } });
        const { brain, asked } = recordingBrain([
          { text: backend === 'ipc' ? `Like so:\n${block}` : 'Words' },
        ]);
        proxy.simulator.setBrain(brain);
        const { calls, text, ended } = await ask(proxy, { text: 'Go', tools, choice: 'none' });
        assert.deepEqual([calls, ended], [[], client.ends.stop]);
        assert.equal(text, backend === 'ipc' ? `Like so:\n${block}` : 'Words');
        const request = asked[0];
        if (request?.backend === 'remote') {
          assert.ok(request.toolChoice === 'none' || request.tools.length === 0);
        } else assert.ok(!readable(request).includes('json action'));
      });

      test(`${name}: arguments of every JSON type, and none at all, arrive as they were meant`, async () => {
        const anything: Tool = {
          name: 'anything',
          description: 'Takes all',
          parameters: { type: 'object', properties: {} },
        };
        const input = {
          nothing: null,
          yes: true,
          deep: [{ a: [1e21, -0.5, '\u2028', '\\u0041 "q" \n\t'] }],
          键: {},
        };
        const { brain } = recordingBrain([
          { toolCall: { name: 'anything', arguments: input } },
          { toolCall: { name: 'anything', arguments: {} } },
        ]);
        proxy.simulator.setBrain(brain);
        const { calls } = await ask(proxy, { text: 'Go', tools: [anything] });
        assert.deepEqual(
          calls.map((call) => call.input),
          [input, {}],
        );
      });

      test(`${name}: ${streams ? 'a stream' : 'an answer'} with calls is recorded with their number`, async () => {
        const { brain } = recordingBrain([
          { toolCall: { name: 'add', arguments: { terms: [1] } } },
          { toolCall: { name: 'add', arguments: { terms: [2] } } },
        ]);
        proxy.simulator.setBrain(brain);
        await ask(proxy, { text: 'Go', tools });
        assert.equal((await proxy.lastRecord()).toolCalls, 2);
      });
    }
  });
}
