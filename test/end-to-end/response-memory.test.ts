import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { readable, recordingBrain } from './recording-brain.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

const tool = {
  type: 'function' as const,
  name: 'read_file',
  description: 'Reads a file',
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  strict: false,
};
const call = { toolCall: { name: 'read_file', arguments: { path: 'notes.txt' } } };

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend);
    });
    after(() => proxy.close());

    for (const stream of [false, true]) {
      const how = stream ? 'streamed' : 'whole';
      const create = async (body: OpenAI.Responses.ResponseCreateParamsNonStreaming) =>
        stream
          ? proxy.openai.responses.stream({ ...body, stream: true }).finalResponse()
          : proxy.openai.responses.create(body);

      test(`${how}: previous_response_id carries the conversation through a tool loop`, async () => {
        const { brain, asked } = recordingBrain([call], [{ text: 'It says 你好' }], [{ text: 'As I said' }]);
        proxy.simulator.setBrain(brain);
        const common = { model: 'kmodel', tools: [tool] };
        const first = await create({ ...common, input: 'Read the notes' });
        const made = first.output.find(({ type }) => type === 'function_call');
        assert.ok(made?.type === 'function_call');
        const second = await create({
          ...common,
          previous_response_id: first.id,
          input: [{ type: 'function_call_output', call_id: made.call_id, output: '你好' }],
        });
        assert.equal(second.output_text, 'It says 你好');
        const third = await create({ ...common, previous_response_id: second.id, input: 'Again?' });
        assert.equal(third.output_text, 'As I said');
        assert.equal(third.previous_response_id, second.id);
        const read = readable(asked[2]);
        for (const part of ['Read the notes', made.call_id, 'It says 你好', 'Again?']) {
          assert.ok(read.includes(part), `${part} is not in ${read}`);
        }
      });

      test(`${how}: item references stand for the items of earlier answers`, async () => {
        const { brain, asked } = recordingBrain([{ text: 'Reading' }, call], [{ text: 'Done' }]);
        proxy.simulator.setBrain(brain);
        const question = { role: 'user' as const, content: 'Read the notes' };
        const first = await create({ model: 'kmodel', tools: [tool], input: [question] });
        const made = first.output.find(({ type }) => type === 'function_call');
        assert.ok(made?.type === 'function_call');
        const second = await create({
          model: 'kmodel',
          tools: [tool],
          input: [
            question,
            ...first.output.map(({ id }) => ({ type: 'item_reference' as const, id: id ?? '' })),
            { type: 'function_call_output', call_id: made.call_id, output: 'text of the notes' },
          ],
        });
        assert.equal(second.output_text, 'Done');
        const read = readable(asked[1]);
        for (const part of ['Reading', made.call_id, 'text of the notes'])
          assert.ok(read.includes(part), read);
      });
    }

    test('a response that nobody knows, or that was not to be kept, is a clear refusal', async () => {
      proxy.simulator.setBrain(recordingBrain([{ text: 'Hello' }]).brain);
      const unkept = await proxy.openai.responses.create({ model: 'kmodel', input: 'Hi', store: false });
      for (const previous_response_id of ['resp_unknown', unkept.id]) {
        await assert.rejects(
          proxy.openai.responses.create({ model: 'kmodel', input: 'Hi', previous_response_id }),
          (error) =>
            error instanceof OpenAI.APIError &&
            error.status === 400 &&
            error.param === 'previous_response_id',
        );
      }
    });
  });
}
