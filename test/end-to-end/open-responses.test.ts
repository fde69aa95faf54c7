import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ReplyPart } from '../../src/demo/brain.ts';
import { allEvents } from './event-stream.ts';
import { recordingBrain } from './recording-brain.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

// What Open Responses demands of a service, for all that this one serves, read from the wire.

interface Item {
  readonly id: string;
  readonly type: string;
  readonly status?: string;
  readonly [field: string]: unknown;
}

interface Event {
  readonly type: string;
  readonly sequence_number: number;
  readonly response?: { id: string; status: string; output: Item[]; [field: string]: unknown };
  readonly item?: Item;
  readonly item_id?: string;
  readonly output_index?: number;
  readonly content_index?: number;
  readonly delta?: string;
  readonly [field: string]: unknown;
}

const tool = {
  type: 'function',
  name: 'read_file',
  description: 'Reads a file',
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};
const everything: readonly ReplyPart[] = [
  { thought: 'Let me think. 想一想 🤔' },
  { text: 'I shall read both. 两个 📄' },
  { toolCall: { name: 'read_file', arguments: { path: 'a.txt' } } },
  { toolCall: { name: 'read_file', arguments: { path: 'b.txt' } } },
];

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend);
    });
    after(() => proxy.close());

    async function stream(parts: readonly ReplyPart[], fields: object = {}): Promise<Event[]> {
      proxy.simulator.setBrain(recordingBrain(parts).brain);
      const body = {
        model: 'kmodel',
        input: 'Read',
        reasoning: { effort: 'high' },
        tools: [tool],
        stream: true,
      };
      const response = await proxy.post('/v1/responses', { ...body, ...fields });
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
      const events = await allEvents(response);
      return events.map(({ name, data }) => {
        const event: Event = JSON.parse(data);
        assert.equal(event.type, name, 'the event line and the type say the same');
        return event;
      });
    }

    test('a stream begins with created and in_progress and ends with completed, all of one response', async () => {
      const events = await stream(everything);
      assert.deepEqual(
        events.slice(0, 2).map(({ type, response }) => [type, response?.status]),
        [
          ['response.created', 'in_progress'],
          ['response.in_progress', 'in_progress'],
        ],
      );
      const last = events.at(-1);
      assert.deepEqual([last?.type, last?.response?.status], ['response.completed', 'completed']);
      const ids = new Set(events.flatMap(({ response }) => (response ? [response.id] : [])));
      assert.equal(ids.size, 1);
      assert.match([...ids][0] ?? '', /^resp_/);
    });

    test('sequence numbers begin at 0 and go up by one', async () => {
      const events = await stream(everything);
      assert.deepEqual(
        events.map((event) => event.sequence_number),
        events.map((_, index) => index),
      );
    });

    test('each item is added, filled and done before the next, under one id and one index', async () => {
      const events = await stream(everything);
      const items: Item[] = [];
      let open: { readonly id: string; readonly index: number } | undefined;
      for (const event of events.slice(2, -1)) {
        if (event.type === 'response.output_item.added') {
          assert.equal(open, undefined, 'an item was added before the one before it was done');
          assert.ok(event.item);
          assert.equal(event.output_index, items.length);
          assert.equal(event.item.status, 'in_progress');
          open = { id: event.item.id, index: items.length };
          continue;
        }
        assert.ok(open, `${event.type} outside of any item`);
        assert.equal(event.output_index, open.index);
        if (event.type === 'response.output_item.done') {
          assert.ok(event.item);
          assert.equal(event.item.id, open.id);
          assert.equal(event.item.status, 'completed');
          items.push(event.item);
          open = undefined;
        } else assert.equal(event.item_id, open.id);
      }
      assert.deepEqual(
        items.map(({ type }) => type),
        ['reasoning', 'message', 'function_call', 'function_call'],
      );
      assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
      assert.deepEqual(events.at(-1)?.response?.output, items);
    });

    test('the deltas of each part add up to its done event and to its item', async () => {
      const events = await stream(everything);
      const sums = new Map<string, string>();
      const done = new Map<string, unknown>();
      for (const event of events) {
        if (event.type.endsWith('.delta')) {
          sums.set(event.item_id ?? '', (sums.get(event.item_id ?? '') ?? '') + event.delta);
        } else if (/_(?:text|arguments)\.done$/.test(event.type)) {
          done.set(event.item_id ?? '', event['text'] ?? event['arguments']);
        }
      }
      assert.equal(sums.size, 4);
      assert.deepEqual(done, sums);
      const output = events.at(-1)?.response?.output ?? [];
      const whole = output.map(({ id, summary, content, arguments: input }) => {
        const [part] = (summary ?? content ?? []) as { text: string }[];
        return [id, part?.text ?? input];
      });
      assert.deepEqual(new Map(whole as [string, string][]), sums);
    });

    test('content parts are opened before their deltas and closed after them', async () => {
      const types = (await stream([{ text: 'Hello' }])).map(({ type }) => type);
      assert.deepEqual(
        types.filter((type, index) => type !== types[index - 1]),
        [
          'response.created',
          'response.in_progress',
          'response.output_item.added',
          'response.content_part.added',
          'response.output_text.delta',
          'response.output_text.done',
          'response.content_part.done',
          'response.output_item.done',
          'response.completed',
        ],
      );
    });

    test('a call streams its arguments between added and done, with a call_id that stays', async () => {
      const events = await stream([{ toolCall: { name: 'read_file', arguments: { path: '文件' } } }]);
      const added = events.find(({ type }) => type === 'response.output_item.added')?.item;
      const done = events.find(({ type }) => type === 'response.output_item.done')?.item;
      assert.deepEqual([added?.type, added?.['arguments']], ['function_call', '']);
      assert.equal(done?.['call_id'], added?.['call_id']);
      assert.deepEqual(JSON.parse(String(done?.['arguments'])), { path: '文件' });
      assert.ok(events.some(({ type }) => type === 'response.function_call_arguments.done'));
    });

    test('a whole response has every field that the specification demands', async () => {
      proxy.simulator.setBrain(recordingBrain([{ text: 'Hello' }]).brain);
      const answer = await proxy.post('/v1/responses', {
        model: 'kmodel',
        input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
        instructions: 'Be brief',
        metadata: { key: 'value' },
        temperature: 0.5,
      });
      const response = (await answer.json()) as Record<string, unknown>;
      const echoed = {
        object: 'response',
        status: 'completed',
        error: null,
        incomplete_details: null,
        instructions: 'Be brief',
        metadata: { key: 'value' },
        temperature: 0.5,
        model: 'kmodel',
        parallel_tool_calls: true,
        previous_response_id: null,
        tool_choice: 'auto',
        tools: [],
        truncation: 'disabled',
        store: true,
      };
      for (const [field, value] of Object.entries(echoed)) assert.deepEqual(response[field], value, field);
      for (const field of [
        'id',
        'created_at',
        'completed_at',
        'output',
        'usage',
        'text',
        'reasoning',
        'top_p',
      ]) {
        assert.ok(response[field] !== undefined && response[field] !== null, field);
      }
      const usage = response['usage'] as Record<string, unknown>;
      assert.equal(usage['total_tokens'], Number(usage['input_tokens']) + Number(usage['output_tokens']));
    });

    test('an answer that was cut off is incomplete, and says why', async () => {
      if (backend === 'ipc') proxy.simulator.setScenario('ipc', [{ chatFinish: { reason: 'max_tokens' } }]);
      else proxy.simulator.setBrain(() => ({ parts: [{ text: 'Once' }], finishReason: 'length' }));
      const answer = await proxy.post('/v1/responses', { model: 'kmodel', input: 'A story', stream: true });
      const last: Event = JSON.parse((await allEvents(answer)).at(-1)?.data ?? '');
      assert.equal(last.type, 'response.incomplete');
      assert.deepEqual(last.response?.['incomplete_details'], { reason: 'max_output_tokens' });
      assert.equal(last.response?.output.at(-1)?.status, 'incomplete');
    });

    test('a malformed request is refused with the field at fault', async () => {
      const answer = await proxy.post('/v1/responses', { model: 'kmodel', input: 5 });
      const { error } = (await answer.json()) as { error: Record<string, unknown> };
      assert.deepEqual(
        [answer.status, error['type'], error['param']],
        [400, 'invalid_request_error', 'input'],
      );
    });
  });
}
