import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { collect } from '../../../src/core/collect.ts';
import { ProxyError, toProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { anthropicMessages } from '../../../src/protocols/anthropic/protocol.ts';
import { signThinking } from '../../../src/protocols/anthropic/thinking-signature.ts';
import { eventStream, sdkClient } from './sdk-client.ts';

const request = {
  model: 'kmodel',
  max_tokens: 100,
  thinking: { type: 'adaptive' as const },
  messages: [{ role: 'user' as const, content: 'hi' }],
};
const start: TurnEvent = { type: 'turn-start', model: 'kmodel', inputTokens: 7 };
const end: TurnEvent = {
  type: 'turn-end',
  reason: 'stop',
  usage: { source: 'upstream', inputTokens: 9, outputTokens: 3, cachedInputTokens: 4 },
};
const answer: TurnEvent[] = [
  { type: 'keep-alive' },
  start,
  { type: 'reasoning-delta', text: 'Ich prüfe' },
  { type: 'keep-alive' },
  { type: 'reasoning-delta', text: ' 9.11 < 9.8' },
  { type: 'text-delta', text: '好的' },
  { type: 'text-delta', text: '\n👍 ' },
  { type: 'tool-call-start', id: 'call_a', name: 'Read' },
  { type: 'tool-call-delta', id: 'call_a', input: '{"path":' },
  { type: 'tool-call-start', id: 'call_b', name: 'Now' },
  { type: 'tool-call-end', id: 'call_b' },
  { type: 'tool-call-delta', id: 'call_a', input: '"ä"}' },
  { type: 'tool-call-end', id: 'call_a' },
  { ...end, reason: 'tool-calls' },
];
const content = [
  { type: 'thinking', thinking: 'Ich prüfe 9.11 < 9.8', signature: signThinking('Ich prüfe 9.11 < 9.8') },
  { type: 'text', text: '好的\n👍 ' },
  { type: 'tool_use', id: 'call_a', name: 'Read', input: { path: 'ä' } },
  { type: 'tool_use', id: 'call_b', name: 'Now', input: {} },
];

/** A server in miniature: one list of events for each request, in order. */
function serve(...answers: (readonly TurnEvent[])[]) {
  const bodies: unknown[] = [];
  const client = sdkClient(async (httpRequest) => {
    const body = await httpRequest.json();
    bodies.push(body);
    try {
      const decoded = anthropicMessages.decodeRequest(body);
      const events = answers.shift() ?? [];
      if (decoded.stream) return eventStream(encodeAll(events, decoded));
      return Response.json(anthropicMessages.encodeResult(await collect(each(events)), decoded));
    } catch (error) {
      const { status, headers, body: errorBody } = anthropicMessages.encodeError(toProxyError(error));
      return Response.json(errorBody, { status, headers });
    }
  });
  return { client, bodies };
}

function encodeAll(
  events: readonly TurnEvent[],
  decoded = anthropicMessages.decodeRequest({ ...request, stream: true }),
) {
  const encoder = anthropicMessages.createStreamEncoder(decoded);
  return events.map((event) => encoder.encode(event)).join('');
}

async function* each(events: readonly TurnEvent[]) {
  yield* events;
}

describe("Anthropic's SDK as a reader", () => {
  it('reads thinking, text and interleaved calls from a stream', async () => {
    const message = await serve(answer).client.messages.stream(request).finalMessage();
    assert.deepEqual(message.content, content);
    assert.equal(message.stop_reason, 'tool_use');
    assert.equal(message.usage.input_tokens, 5);
    assert.equal(message.usage.cache_read_input_tokens, 4);
    assert.equal(message.usage.output_tokens, 3);
  });

  it('reads the same stream torn at each byte', async () => {
    const text = encodeAll(answer);
    const message = await sdkClient(() => eventStream(text, 1))
      .messages.stream(request)
      .finalMessage();
    assert.deepEqual(message.content, content);
  });

  it('reads the same answer as a whole', async () => {
    const message = await serve(answer).client.messages.create(request);
    assert.deepEqual(message.content, content);
    assert.equal(message.stop_reason, 'tool_use');
    assert.equal(message._request_id ?? null, null);
  });

  it('reads the raw events in order, pings left out', async () => {
    const stream = await serve([
      { type: 'keep-alive' },
      start,
      { type: 'text-delta', text: 'a' },
      end,
    ]).client.messages.create({
      ...request,
      stream: true,
    });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    assert.deepEqual(types, [
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('accepts an answer without content', async () => {
    assert.deepEqual((await serve([start, end]).client.messages.stream(request).finalMessage()).content, []);
  });

  it('throws on a late failure, with the type and the message', async () => {
    const encoder = anthropicMessages.createStreamEncoder(
      anthropicMessages.decodeRequest({ ...request, stream: true }),
    );
    const failure = encoder.fail(new ProxyError('upstream-unavailable', 'Lingma hung up. Try again.'));
    const text = encodeAll([start, { type: 'text-delta', text: 'a' }]) + failure;
    await assert.rejects(
      sdkClient(() => eventStream(text))
        .messages.stream(request)
        .finalMessage(),
      (error) => {
        assert.ok(error instanceof Anthropic.APIError);
        assert.equal(error.type, 'api_error');
        assert.match(error.message, /Lingma hung up/);
        return true;
      },
    );
  });

  it('sends thoughts and calls back in a form that decodes to the same parts', async () => {
    const { client, bodies } = serve(answer, [start, end]);
    const first = await client.messages.create(request);
    await client.messages.create({
      ...request,
      messages: [...request.messages, { role: 'assistant', content: first.content }],
    });
    assert.deepEqual(anthropicMessages.decodeRequest(bodies[1]).turn.messages[1]?.content, [
      { type: 'reasoning', text: 'Ich prüfe 9.11 < 9.8' },
      { type: 'text', text: '好的\n👍 ' },
      { type: 'tool-call', id: 'call_a', name: 'Read', input: '{"path":"ä"}' },
      { type: 'tool-call', id: 'call_b', name: 'Now', input: '{}' },
    ]);
  });

  it('runs tools in a loop, falling back from threads', async () => {
    for (const stream of [false, true]) {
      const call: TurnEvent[] = [
        start,
        { type: 'tool-call-start', id: 'call_a', name: 'add' },
        { type: 'tool-call-delta', id: 'call_a', input: '{"a":1}' },
        { type: 'tool-call-end', id: 'call_a' },
        { ...end, reason: 'tool-calls' },
      ];
      const { client, bodies } = serve(call, [start, { type: 'text-delta', text: 'It is 2.' }, end]);
      const runner = client.beta.messages.toolRunner({
        model: 'kmodel',
        max_tokens: 100,
        stream,
        messages: [{ role: 'user', content: 'add' }],
        tools: [
          {
            type: 'custom',
            name: 'add',
            description: 'Adds one.',
            input_schema: { type: 'object', properties: { a: { type: 'number' } } },
            parse: (input: unknown) => input as { a: number },
            run: ({ a }: { a: number }) => String(a + 1),
          },
        ],
      });
      const final = await runner.runUntilDone();
      assert.deepEqual(final.content, [{ type: 'text', text: 'It is 2.' }]);
      const last = anthropicMessages.decodeRequest(bodies.at(-1)).turn.messages;
      assert.deepEqual(last.at(-1), {
        role: 'user',
        content: [{ type: 'tool-result', callId: 'call_a', content: [{ type: 'text', text: '2' }] }],
      });
      assert.equal(last.length, 3);
      assert.match(JSON.stringify(bodies[0]), /"thread":{"type":"create"}/);
    }
  });
});
