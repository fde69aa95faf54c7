import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import OpenAI from 'openai';
import { collect } from '../../../src/core/collect.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import type { Turn } from '../../../src/core/turn.ts';
import { openAiChat } from '../../../src/protocols/openai-chat/protocol.ts';

// The official client as a strict reader: it talks to the dialect directly, in place of a server.

type Answer = (turn: Turn) => readonly (TurnEvent | ProxyError)[];

function clientOf(answer: Answer): OpenAI {
  return new OpenAI({
    apiKey: 'any',
    baseURL: 'http://proxy/v1',
    maxRetries: 0,
    fetch: async (_url, init) => respond(JSON.parse(String(init?.body)), answer),
  });
}

async function respond(body: unknown, answer: Answer): Promise<Response> {
  try {
    const request = openAiChat.decodeRequest(body);
    const events = answer(request.turn);
    if (events[0] instanceof ProxyError) throw events[0];
    if (!request.stream) {
      return Response.json(openAiChat.encodeResult(await collect(replay(events)), request));
    }
    const encoder = openAiChat.createStreamEncoder(request);
    const text = events
      .map((event) => (event instanceof ProxyError ? encoder.fail(event) : encoder.encode(event)))
      .join('');
    return new Response(tear(text), { headers: { 'content-type': 'text/event-stream' } });
  } catch (error) {
    assert.ok(error instanceof ProxyError, String(error));
    const { status, headers, body: errorBody } = openAiChat.encodeError(error);
    return Response.json(errorBody, { status, headers });
  }
}

async function* replay(events: readonly (TurnEvent | ProxyError)[]): AsyncGenerator<TurnEvent> {
  for (const event of events) {
    if (event instanceof ProxyError) throw event;
    yield event;
  }
}

/** Every byte on its own, as a slow network might deliver them. */
function tear(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next === bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(next, ++next));
    },
  });
}

const start: TurnEvent = { type: 'turn-start', model: 'kmodel', inputTokens: 1 };
const usage = { source: 'estimate', inputTokens: 2, outputTokens: 3 } as const;
const spoken: TurnEvent[] = [
  { type: 'keep-alive' },
  start,
  { type: 'reasoning-delta', text: 'hm' },
  { type: 'text-delta', text: ' Grüße' },
  { type: 'keep-alive' },
  { type: 'text-delta', text: ' 🙂\n' },
  { type: 'turn-end', reason: 'stop', usage },
];
const called: TurnEvent[] = [
  start,
  { type: 'text-delta', text: 'I read.' },
  { type: 'tool-call-start', id: 'call_a', name: 'read' },
  { type: 'tool-call-start', id: 'call_b', name: 'patch' },
  { type: 'tool-call-delta', id: 'call_a', input: '{"path":' },
  { type: 'tool-call-delta', id: 'call_b', input: '*** Begin\n' },
  { type: 'tool-call-delta', id: 'call_a', input: '"ä"}' },
  { type: 'tool-call-end', id: 'call_a' },
  { type: 'tool-call-end', id: 'call_b' },
  { type: 'turn-end', reason: 'tool-calls', usage },
];
const tools: OpenAI.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'read', parameters: { type: 'object' } } },
  { type: 'custom', custom: { name: 'patch' } },
];
const ask = { model: 'kmodel', messages: [{ role: 'user' as const, content: 'go' }] };

describe('the official OpenAI client', () => {
  test('reads a streamed answer with usage', async () => {
    const completion = await clientOf(() => spoken)
      .chat.completions.stream({ ...ask, stream_options: { include_usage: true } })
      .finalChatCompletion();
    assert.equal(completion.choices[0]?.message.content, ' Grüße 🙂\n');
    assert.equal(completion.choices[0]?.finish_reason, 'stop');
    assert.equal(completion.model, 'kmodel');
    assert.equal(completion.usage?.total_tokens, 5);
  });

  test('sees one constant id and creation time', async () => {
    const stream = await clientOf(() => spoken).chat.completions.create({ ...ask, stream: true });
    const seen = new Set<string>();
    for await (const chunk of stream) seen.add(`${chunk.id} ${chunk.created} ${chunk.object}`);
    assert.equal(seen.size, 1);
  });

  for (const stream of [true, false]) {
    test(`reads calls of both kinds, ${stream ? 'streamed' : 'whole'}`, async () => {
      const client = clientOf(() => called);
      const completion = stream
        ? await client.chat.completions.stream({ ...ask, tools }).finalChatCompletion()
        : await client.chat.completions.create({ ...ask, tools });
      const [choice] = completion.choices;
      assert.equal(choice?.finish_reason, 'tool_calls');
      assert.equal(choice?.message.content, 'I read.');
      assert.deepEqual(
        choice?.message.tool_calls?.map((call) =>
          call.type === 'function'
            ? [call.id, call.function.name, call.function.arguments]
            : [call.id, call.custom.name, call.custom.input],
        ),
        [
          ['call_a', 'read', '{"path":"ä"}'],
          ['call_b', 'patch', '*** Begin\n'],
        ],
      );
    });
  }

  test('runs a loop of tools to its end', async () => {
    const answers: Answer = (turn) => {
      const last = turn.messages.at(-1)?.content[0];
      if (last?.type !== 'tool-result') {
        return called.filter((event) => !('id' in event) || event.id === 'call_a');
      }
      assert.deepEqual(last, {
        type: 'tool-result',
        callId: 'call_a',
        content: [{ type: 'text', text: '{"found":"ä"}' }],
      });
      return spoken;
    };
    const runner = clientOf(answers).chat.completions.runTools({
      ...ask,
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'read',
            description: 'Reads.',
            parameters: { type: 'object', properties: { path: { type: 'string' } } },
            parse: JSON.parse,
            function: (input: { path: string }) => ({ found: input.path }),
          },
        },
      ],
    });
    assert.equal(await runner.finalContent(), ' Grüße 🙂\n');
  });

  test('raises an error for a stream that fails half-way', async () => {
    const client = clientOf(() => [
      ...spoken.slice(0, 4),
      new ProxyError('upstream-unavailable', 'The upstream is gone. Try again.'),
    ]);
    const stream = await client.chat.completions.create({ ...ask, stream: true });
    let text = '';
    await assert.rejects(
      async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      },
      (error) =>
        error instanceof OpenAI.APIError &&
        error.code === 'upstream_unavailable' &&
        error.message === 'The upstream is gone. Try again.',
    );
    assert.equal(text, ' Grüße');
  });

  test('never takes a stream that fails for a whole answer', async () => {
    const client = clientOf(() => [...spoken.slice(0, 4), new ProxyError('timeout', 'Too slow.')]);
    await assert.rejects(client.chat.completions.stream(ask).finalChatCompletion(), OpenAI.OpenAIError);
  });

  test('gets its own kinds of error with a status', async () => {
    const failing = (error: ProxyError) => clientOf(() => [error]).chat.completions.create(ask);
    await assert.rejects(failing(new ProxyError('login-required', 'Sign in.')), OpenAI.AuthenticationError);
    await assert.rejects(failing(new ProxyError('model-not-found', 'Unknown.')), OpenAI.NotFoundError);
    await assert.rejects(failing(new ProxyError('rate-limited', 'Slow down.')), OpenAI.RateLimitError);
    await assert.rejects(failing(new ProxyError('overloaded', 'Busy.')), OpenAI.InternalServerError);
    await assert.rejects(
      clientOf(() => spoken).chat.completions.create({ ...ask, n: 2 }),
      (error) =>
        error instanceof OpenAI.BadRequestError &&
        error.param === 'n' &&
        error.code === 'unsupported_parameter',
    );
  });
});
