import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { MessagesStreamEncoder } from '../../../src/protocols/anthropic/encode-stream.ts';
import { signThinking } from '../../../src/protocols/anthropic/thinking-signature.ts';
import { decode } from './example-request.ts';

const start: TurnEvent = { type: 'turn-start', model: 'kmodel', inputTokens: 7 };
const end: TurnEvent = {
  type: 'turn-end',
  reason: 'stop',
  usage: { source: 'upstream', inputTokens: 9, outputTokens: 3 },
};

function encode(events: readonly TurnEvent[], thinking = true): string {
  const request = decode({ stream: true, ...(thinking ? { thinking: { type: 'adaptive' } } : {}) });
  const encoder = new MessagesStreamEncoder(request, 'msg_1');
  return events.map((event) => encoder.encode(event)).join('');
}

/** The stream's data, each checked to carry its type as the event's name. */
function dataOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      const parsed = JSON.parse(data ?? '');
      assert.equal(parsed.type, name);
      return parsed;
    });
}

const deltaOf = (events: readonly TurnEvent[]) =>
  dataOf(encode(events)).find(({ type }) => type === 'message_delta') as { delta: object; usage: object };

describe('encoding a stream of Messages events', () => {
  it('writes a text answer to the letter', () => {
    assert.equal(
      encode([start, { type: 'text-delta', text: 'Hé "you"' }, { type: 'text-delta', text: '\n' }, end]),
      [
        'event: message_start',
        'data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"kmodel","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"container":null,"diagnostics":null,"usage":{"input_tokens":7,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":0,"estimated":true}}}',
        '',
        'event: content_block_start',
        'data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
        '',
        'event: content_block_delta',
        'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hé \\"you\\""}}',
        '',
        'event: content_block_delta',
        'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\\n"}}',
        '',
        'event: content_block_stop',
        'data: {"type":"content_block_stop","index":0}',
        '',
        'event: message_delta',
        'data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"stop_details":null,"container":null},"usage":{"input_tokens":9,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":3}}',
        '',
        'event: message_stop',
        'data: {"type":"message_stop"}',
        '',
        '',
      ].join('\n'),
    );
  });

  it('writes a thought with a signature before its end, then the text', () => {
    const data = dataOf(
      encode([
        start,
        { type: 'reasoning-delta', text: 'hm' },
        { type: 'reasoning-delta', text: '!' },
        { type: 'text-delta', text: 'ok' },
        end,
      ]),
    );
    assert.deepEqual(data.slice(1, 6), [
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'thinking', thinking: '', signature: '' },
      },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: '!' } },
      {
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'signature_delta', signature: signThinking('hm!') },
      },
      { type: 'content_block_stop', index: 0 },
    ]);
  });

  it("passes upstream's own signature on", () => {
    const text = encode([start, { type: 'reasoning-delta', text: 'a', signature: 'theirs' }, end]);
    assert.match(text, /"signature_delta","signature":"theirs"/);
  });

  it('shows no thoughts to a request that did not ask for them', () => {
    const events: TurnEvent[] = [
      start,
      { type: 'reasoning-delta', text: 'secret' },
      { type: 'text-delta', text: 'a' },
      end,
    ];
    const text = encode(events, false);
    assert.doesNotMatch(text, /thinking|secret/);
    assert.match(text, /"index":0,"content_block":\{"type":"text"/);
  });

  it('puts calls that overlap one after the other', () => {
    const data = dataOf(
      encode([
        start,
        { type: 'tool-call-start', id: 'a', name: 'Read' },
        { type: 'tool-call-delta', id: 'a', input: '{"p":' },
        { type: 'tool-call-start', id: 'b', name: 'Grep' },
        { type: 'tool-call-delta', id: 'b', input: '{}' },
        { type: 'tool-call-delta', id: 'a', input: '1}' },
        { type: 'tool-call-end', id: 'b' },
        { type: 'tool-call-end', id: 'a' },
        { ...end, reason: 'tool-calls' },
      ]),
    );
    assert.deepEqual(
      data.slice(1, -2).map(({ type, index, content_block, delta }) => [type, index, content_block ?? delta]),
      [
        ['content_block_start', 0, { type: 'tool_use', id: 'a', name: 'Read', input: {} }],
        ['content_block_delta', 0, { type: 'input_json_delta', partial_json: '{"p":' }],
        ['content_block_delta', 0, { type: 'input_json_delta', partial_json: '1}' }],
        ['content_block_stop', 0, undefined],
        ['content_block_start', 1, { type: 'tool_use', id: 'b', name: 'Grep', input: {} }],
        ['content_block_delta', 1, { type: 'input_json_delta', partial_json: '{}' }],
        ['content_block_stop', 1, undefined],
      ],
    );
  });

  it('names the reason of the end', () => {
    const call: TurnEvent[] = [
      { type: 'tool-call-start', id: 'a', name: 'Read' },
      { type: 'tool-call-delta', id: 'a', input: '{}' },
      { type: 'tool-call-end', id: 'a' },
    ];
    const cutOff: TurnEvent[] = [
      { type: 'tool-call-start', id: 'b', name: 'Read' },
      { type: 'tool-call-delta', id: 'b', input: '{"path":"/a' },
      { type: 'tool-call-end', id: 'b' },
    ];
    const reason = (...events: TurnEvent[]) =>
      (deltaOf([start, ...events]).delta as { stop_reason: string }).stop_reason;
    assert.equal(reason(end), 'end_turn');
    assert.equal(reason({ ...end, reason: 'length' }), 'max_tokens');
    assert.equal(reason({ ...end, reason: 'content-filter' }), 'refusal');
    assert.equal(reason({ ...end, reason: 'tool-calls' }), 'end_turn');
    assert.equal(reason(...call, end), 'tool_use');
    assert.equal(reason(...call, { ...end, reason: 'length' }), 'tool_use');
    assert.equal(reason(...cutOff, { ...end, reason: 'length' }), 'max_tokens');
    assert.equal(reason(...call, ...cutOff, { ...end, reason: 'length' }), 'tool_use');
    assert.deepEqual(deltaOf([start, { ...end, stopSequence: 'END' }]).delta, {
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
      stop_details: null,
      container: null,
    });
  });

  it('reports the final usage: cached input apart, thoughts when known, estimates marked', () => {
    const usage = {
      source: 'estimate',
      inputTokens: 10,
      outputTokens: 5,
      cachedInputTokens: 4,
      reasoningTokens: 2,
    } as const;
    assert.deepEqual(deltaOf([start, { ...end, usage }]).usage, {
      input_tokens: 6,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: 4,
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 2 },
      estimated: true,
    });
  });

  it('answers nothing with an empty message', () => {
    assert.deepEqual(
      dataOf(encode([start, end])).map(({ type }) => type),
      ['message_start', 'message_delta', 'message_stop'],
    );
  });

  it('pings at any time, also before the start', () => {
    const ping = 'event: ping\ndata: {"type":"ping"}\n\n';
    assert.ok(
      encode([{ type: 'keep-alive' }, start, { type: 'keep-alive' }]).startsWith(
        `${ping}event: message_start`,
      ),
    );
    assert.ok(encode([start, { type: 'text-delta', text: 'a' }, { type: 'keep-alive' }]).endsWith(ping));
  });

  it('ends a failed stream with an error and no message_stop', () => {
    const encoder = new MessagesStreamEncoder(decode({ stream: true }), 'msg_1');
    encoder.encode(start);
    assert.equal(
      encoder.fail(new ProxyError('timeout', 'Too slow.')),
      'event: error\ndata: {"type":"error","error":{"type":"timeout_error","message":"Too slow."}}\n\n',
    );
  });

  it('gives each answer an id of its own in the form of the API', () => {
    const idOf = () => /"id":"(msg_\w{32})"/.exec(new MessagesStreamEncoder(decode()).encode(start))?.[1];
    assert.ok(idOf());
    assert.notEqual(idOf(), idOf());
  });
});
