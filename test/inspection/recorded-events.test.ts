import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedEvents } from '../../src/inspection/recorded-events.ts';
import { Redactor } from '../../src/recording/redaction.ts';
import { type Api, answered, ended, record, recorder } from './recorded.ts';

const bodies: Readonly<Record<Api, object>> = {
  messages: { max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'Hi' }] },
  'openai-chat': {
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: 'Hi' }],
  },
  'openai-responses': { stream: true, input: 'Hi' },
};
const types: Readonly<Record<Api, readonly string[]>> = {
  messages: [
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ],
  'openai-chat': ['role', 'content', 'comment', 'content', 'finish_reason', 'usage', '[DONE]'],
  'openai-responses': [
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.in_progress',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ],
};

for (const api of ['messages', 'openai-chat', 'openai-responses'] as const) {
  test(`${api}: every event of a stream is listed as its client got it, in order`, async () => {
    const events = answered.toSpliced(2, 0, { type: 'keep-alive' });
    const { events: listed, dropped } = recordedEvents(await record({ api, body: bodies[api], events }));
    const expected = types[api].toSpliced(api === 'messages' ? 3 : 99, 0, 'ping');
    assert.deepEqual(
      listed.map(({ type }) => type),
      expected.filter((type) => api === 'messages' || type !== 'ping'),
    );
    assert.equal(dropped, 0);
    assert.ok(listed.every(({ atMs }, index) => atMs >= (listed[index - 1]?.atMs ?? 0)));
  });
}

test('of a whole answer the events of the backend are listed, each delta by itself', async () => {
  const { events } = recordedEvents(
    await record({ body: { ...bodies.messages, stream: false }, events: answered }),
  );
  assert.deepEqual(
    events.map(({ type, data }) => [type, data]),
    [
      ['turn-start', '{"model":"kmodel","inputTokens":5}'],
      ['text-delta', '{"text":"Hel"}'],
      ['text-delta', '{"text":"lo"}'],
      ['turn-end', JSON.stringify({ reason: 'stop', usage: ended.type === 'turn-end' && ended.usage })],
    ],
  );
});

test('a secret that spans events takes their texts away and not their places', async () => {
  const request = await record(
    {
      body: bodies.messages,
      events: [
        { type: 'text-delta', text: 'set "password": "hun' },
        { type: 'text-delta', text: 'ter' },
        { type: 'text-delta', text: '22" and go on' },
        ended,
      ],
    },
    recorder({ redactor: new Redactor() }),
  );
  const { events } = recordedEvents(request);
  assert.equal(events.length, 8);
  assert.deepEqual(
    events.slice(-2).map(({ type }) => type),
    ['message_delta', 'message_stop'],
  );
  assert.ok(!JSON.stringify(events).includes('hun'));
});

test('of a stream that was cut, the events that are there are listed, and that some are not', async () => {
  const long = Array.from({ length: 2_000 }, () => ({ type: 'text-delta', text: 'and so on ' }) as const);
  const { events, dropped } = recordedEvents(
    await record({ body: bodies.messages, events: [...long, ended] }, recorder({ bodyLimit: 20_000 })),
  );
  assert.ok(events.length > 100 && events.length < 300, `${events.length}`);
  assert.ok(dropped > 0);
});
