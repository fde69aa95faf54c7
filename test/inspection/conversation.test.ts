import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ProxyError } from '../../src/core/errors.ts';
import { conversation } from '../../src/inspection/conversation.ts';
import type { KeptRequest } from '../../src/recording/record.ts';
import { Redactor } from '../../src/recording/redaction.ts';
import { type Api, answered, record, recorder, usage } from './recorded.ts';

const redactor = new Redactor();
const read = (request: KeptRequest) => conversation(request, redactor);
const image = Buffer.alloc(900, 7).toString('base64');
const parameters = { type: 'object', properties: { path: { type: 'string' } } };

/** The same conversation in each dialect: instructions, a tool, a picture, a call and its result. */
const bodies: Readonly<Record<Api, object>> = {
  messages: {
    max_tokens: 100,
    system: 'You help.',
    tools: [{ name: 'read', description: 'Reads', input_schema: parameters }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'call_1', name: 'read', input: { path: '/a' } }],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: '42' }] }],
      },
    ],
  },
  'openai-chat': {
    tools: [{ type: 'function', function: { name: 'read', description: 'Reads', parameters } }],
    messages: [
      { role: 'system', content: 'You help.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
        ],
      },
      {
        role: 'assistant',
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'read', arguments: '{"path":"/a"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '42' },
    ],
  },
  'openai-responses': {
    instructions: 'You help.',
    tools: [{ type: 'function', name: 'read', description: 'Reads', parameters }],
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is it?' },
          { type: 'input_image', image_url: `data:image/png;base64,${image}` },
        ],
      },
      { type: 'function_call', call_id: 'call_1', name: 'read', arguments: '{"path":"/a"}' },
      { type: 'function_call_output', call_id: 'call_1', output: '42' },
    ],
  },
};

for (const [api, body] of Object.entries(bodies) as [Api, object][]) {
  test(`${api}: a conversation reads as a person had it, images as their sizes, the answer last`, async () => {
    const shown = await read(
      await record({
        api,
        body,
        events: [
          { type: 'turn-start', model: 'kmodel', inputTokens: 5 },
          { type: 'reasoning-delta', text: 'Hm' },
          { type: 'reasoning-delta', text: 'm.' },
          { type: 'text-delta', text: 'Let me ' },
          { type: 'keep-alive' },
          { type: 'text-delta', text: 'see.' },
          { type: 'tool-call-start', id: 'call_2', name: 'read' },
          { type: 'tool-call-delta', id: 'call_2', input: '{"path":' },
          { type: 'tool-call-delta', id: 'call_2', input: '"/b"}' },
          { type: 'tool-call-end', id: 'call_2' },
          { type: 'turn-end', reason: 'tool-calls', usage },
        ],
      }),
    );
    assert.deepEqual(shown, {
      system: ['You help.'],
      tools: [{ name: 'read', description: 'Reads', schema: JSON.stringify(parameters, null, 2) }],
      messages: [
        {
          role: 'user',
          isAnswer: false,
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image', mediaType: 'image/png', bytes: 900 },
          ],
        },
        {
          role: 'assistant',
          isAnswer: false,
          content: [{ type: 'tool-call', id: 'call_1', name: 'read', input: '{"path":"/a"}' }],
        },
        {
          role: 'user',
          isAnswer: false,
          content: [
            {
              type: 'tool-result',
              callId: 'call_1',
              isError: false,
              content: [{ type: 'text', text: '42' }],
            },
          ],
        },
        {
          role: 'assistant',
          isAnswer: true,
          content: [
            { type: 'reasoning', text: 'Hmm.' },
            { type: 'text', text: 'Let me see.' },
            { type: 'tool-call', id: 'call_2', name: 'read', input: '{"path":"/b"}' },
          ],
        },
      ],
    });
  });
}

describe('what is not all there', () => {
  test('of a body that was cut the beginning is shown, and how much is missing is said', async () => {
    const messages = Array.from({ length: 40 }, (_, index) => ({
      role: index % 2 === 0 ? 'user' : 'assistant',
      content: `Message ${index} ${'and so on '.repeat(500)}`,
    }));
    const body = { max_tokens: 100, messages: [...messages, { role: 'user', content: 'the end' }] };
    const shown = await read(await record({ body, events: answered }, recorder({ bodyLimit: 100_000 })));
    assert.match(shown.incomplete ?? '', /only the beginning of this body: \d+ characters are missing/);
    assert.ok(shown.messages.length > 10 && shown.messages.length < 30, `${shown.messages.length}`);
    assert.deepEqual(shown.messages[1], {
      role: 'assistant',
      isAnswer: false,
      content: [{ type: 'text', text: messages[1]?.content }],
    });
    assert.deepEqual(shown.messages.at(-1), {
      role: 'assistant',
      isAnswer: true,
      content: [{ type: 'text', text: 'Hello' }],
    });
  });

  test('of a request that was refused the plain texts are shown, and why it was', async () => {
    const shown = await read(
      await record({
        body: { max_tokens: 0, system: 'You help.', messages: [{ role: 'user', content: 'Hi' }] },
        error: new ProxyError('unsupported-feature', 'max_tokens is 0'),
      }),
    );
    assert.match(shown.incomplete ?? '', /cannot read this request: max_tokens is 0/);
    assert.deepEqual(shown.system, ['You help.']);
    assert.deepEqual(shown.messages, [
      { role: 'user', isAnswer: false, content: [{ type: 'text', text: 'Hi' }] },
    ]);
  });

  test('a body that is no JSON, and one that was not recorded, are said to be so', async () => {
    const error = new ProxyError('invalid-request', 'not JSON');
    assert.match((await read(await record({ body: 'hello', error }))).incomplete ?? '', /not JSON/);
    const body = { max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] };
    const without = await record({ body, events: answered }, recorder({ keepsBodies: false }));
    assert.match((await read(without)).incomplete ?? '', /not recorded \(see the setting recordBodies\)/);
  });

  test('of a chain of responses the part that this request sent is shown', async () => {
    const body = { previous_response_id: 'resp_1', input: 'And now?' };
    const shown = await read(await record({ api: 'openai-responses', body, events: answered }));
    assert.match(shown.incomplete ?? '', /previous_response_id/);
    assert.equal(shown.messages.length, 2);
  });

  test('an answer that broke off is shown as far as it came', async () => {
    const body = { max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] };
    const shown = await read(await record({ body, events: answered.slice(0, 2) }));
    assert.deepEqual(shown.messages.at(-1)?.content, [{ type: 'text', text: 'Hel' }]);
  });
});

test("a turn of VS Code's own chat is read as it was recorded, parts that are none left out", async () => {
  const records = recorder();
  const recording = records.begin({
    method: 'CALL',
    path: 'vscode-chat',
    headers: {},
    client: 'VS Code chat',
  });
  const source = { kind: 'base64', mediaType: 'image/png', data: image };
  const turn = {
    model: 'kmodel',
    system: [],
    tools: [{ kind: 'function', name: 'read', description: 'Reads', inputSchema: parameters }],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Hi' }, { type: 'image', source }, { type: 'text' }] },
      { role: 'nobody' },
    ],
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'incremental',
    metadata: {},
  } as const;
  recording.clientRequest(JSON.stringify(turn));
  recording.decoded('vscode-chat', { ...turn, tools: [], messages: [] }, true);
  for (const event of answered) recording.events([event]);
  recording.finish();
  await setImmediate();
  const shown = await read(recording);
  assert.deepEqual(
    shown.tools.map(({ name }) => name),
    ['read'],
  );
  assert.deepEqual(
    shown.messages.map(({ content }) => content),
    [
      [
        { type: 'text', text: 'Hi' },
        { type: 'image', mediaType: 'image/png', bytes: 900 },
      ],
      [{ type: 'text', text: 'Hello' }],
    ],
  );
});

test('a secret that only the whole answer holds is not shown', async () => {
  const secret = 'Kq7zVbN2mX9pLw4T';
  const knowing = new Redactor();
  knowing.addSecret(secret);
  const request = await record(
    {
      body: { max_tokens: 1, stream: true, messages: [{ role: 'user', content: 'Hi' }] },
      events: [
        { type: 'text-delta', text: secret.slice(0, 7) },
        { type: 'keep-alive' },
        { type: 'text-delta', text: secret.slice(7) },
        { type: 'turn-end', reason: 'stop', usage },
      ],
    },
    recorder({ redactor: knowing }),
  );
  const shown = await conversation(request, knowing);
  assert.deepEqual(shown.messages.at(-1)?.content, [{ type: 'text', text: '[redacted]' }]);
});
