import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent, Usage } from '../../../src/core/events.ts';
import type { ChatRequest } from '../../../src/protocols/openai-chat/decode-request.ts';
import { openAiChat } from '../../../src/protocols/openai-chat/protocol.ts';
import { exampleRequest } from './example-request.ts';

const usage: Usage = { source: 'upstream', inputTokens: 10, outputTokens: 5 };
const start: TurnEvent = { type: 'turn-start', model: 'kmodel', inputTokens: 9 };

function encode(events: readonly TurnEvent[], request: ChatRequest = exampleRequest()): string {
  const encoder = openAiChat.createStreamEncoder(request);
  return events.map((event) => encoder.encode(event)).join('');
}

function chunk(choice: string, rest = ''): string {
  return `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"kmodel","choices":[${choice}]${rest}}\n\n`;
}

function delta(fields: string, rest = ''): string {
  return chunk(`{"index":0,"delta":{${fields}},"finish_reason":null}`, rest);
}

const role = delta('"role":"assistant","content":""');
const finish = (reason: string) => chunk(`{"index":0,"delta":{},"finish_reason":"${reason}"}`);
const done = 'data: [DONE]\n\n';

describe('a chat stream', () => {
  test('is role, text, finish reason and [DONE]', () => {
    assert.equal(
      encode([
        start,
        { type: 'text-delta', text: ' "Hi"\n' },
        { type: 'text-delta', text: '' },
        { type: 'text-delta', text: 'ü🙂' },
        { type: 'turn-end', reason: 'stop', usage },
      ]),
      [role, delta('"content":" \\"Hi\\"\\n"'), delta('"content":"ü🙂"'), finish('stop'), done].join(''),
    );
  });

  test('carries thoughts apart from text', () => {
    assert.equal(
      encode([
        start,
        { type: 'reasoning-delta', text: 'hm' },
        { type: 'reasoning-delta', text: '', signature: 's' },
        { type: 'text-delta', text: 'a' },
        { type: 'turn-end', reason: 'length', usage },
      ]),
      [role, delta('"reasoning_content":"hm"'), delta('"content":"a"'), finish('length'), done].join(''),
    );
  });

  test('tells of function calls by index, id, type and name first', () => {
    assert.equal(
      encode([
        start,
        { type: 'tool-call-start', id: 'call_a', name: 'read' },
        { type: 'tool-call-delta', id: 'call_a', input: '{"path"' },
        { type: 'tool-call-delta', id: 'call_a', input: '' },
        { type: 'tool-call-delta', id: 'call_a', input: ':"x"}' },
        { type: 'tool-call-end', id: 'call_a' },
        { type: 'turn-end', reason: 'tool-calls', usage },
      ]),
      [
        role,
        delta(
          '"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"read","arguments":""}}]',
        ),
        delta('"tool_calls":[{"index":0,"function":{"arguments":"{\\"path\\""}}]'),
        delta('"tool_calls":[{"index":0,"function":{"arguments":":\\"x\\"}"}}]'),
        finish('tool_calls'),
        done,
      ].join(''),
    );
  });

  test('keeps calls that overlap apart, and custom tools in their own form', () => {
    assert.equal(
      encode([
        start,
        { type: 'tool-call-start', id: 'a', name: 'read' },
        { type: 'tool-call-start', id: 'b', name: 'patch' },
        { type: 'tool-call-delta', id: 'b', input: '*** Begin' },
        { type: 'tool-call-delta', id: 'a', input: '{}' },
        { type: 'tool-call-end', id: 'b' },
        { type: 'tool-call-end', id: 'a' },
        { type: 'turn-end', reason: 'tool-calls', usage },
      ]),
      [
        role,
        delta(
          '"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"read","arguments":""}}]',
        ),
        delta('"tool_calls":[{"index":1,"id":"b","type":"custom","custom":{"name":"patch","input":""}}]'),
        delta('"tool_calls":[{"index":1,"custom":{"input":"*** Begin"}}]'),
        delta('"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]'),
        finish('tool_calls'),
        done,
      ].join(''),
    );
  });

  test('gives a function call without arguments an empty object', () => {
    const text = encode([
      start,
      { type: 'tool-call-start', id: 'a', name: 'read' },
      { type: 'tool-call-end', id: 'a' },
      { type: 'tool-call-start', id: 'b', name: 'patch' },
      { type: 'tool-call-end', id: 'b' },
      { type: 'turn-end', reason: 'tool-calls', usage },
    ]);
    assert.equal(text.split(delta('"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]')).length, 2);
    assert.equal(text.split('"custom":{"input"').length, 1);
  });

  test('says tool_calls whenever there are calls, and never otherwise', () => {
    const called: TurnEvent[] = [
      start,
      { type: 'tool-call-start', id: 'a', name: 'read' },
      { type: 'tool-call-end', id: 'a' },
    ];
    for (const reason of ['stop', 'length', 'tool-calls'] as const) {
      assert.ok(encode([...called, { type: 'turn-end', reason, usage }]).includes(finish('tool_calls')));
    }
    assert.ok(encode([start, { type: 'turn-end', reason: 'tool-calls', usage }]).includes(finish('stop')));
    assert.ok(
      encode([start, { type: 'turn-end', reason: 'content-filter', usage }]).includes(
        finish('content_filter'),
      ),
    );
  });

  test('ends with the usage when asked, which is null before', () => {
    const text = encode(
      [
        start,
        { type: 'text-delta', text: 'a' },
        {
          type: 'turn-end',
          reason: 'stop',
          usage: { ...usage, cachedInputTokens: 4, reasoningTokens: 2 },
        },
      ],
      exampleRequest({ stream: true, stream_options: { include_usage: true } }),
    );
    assert.equal(
      text,
      [
        delta('"role":"assistant","content":""', ',"usage":null'),
        delta('"content":"a"', ',"usage":null'),
        chunk('{"index":0,"delta":{},"finish_reason":"stop"}', ',"usage":null'),
        chunk(
          '',
          ',"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}',
        ),
        done,
      ].join(''),
    );
  });

  test('marks counted usage that nobody upstream counted', () => {
    const text = encode(
      [start, { type: 'turn-end', reason: 'stop', usage: { ...usage, source: 'estimate' } }],
      exampleRequest({ stream_options: { include_usage: true } }),
    );
    assert.ok(
      text.includes('"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"estimated":true}'),
    );
  });

  test('names the stop sequence that cut the text', () => {
    assert.ok(
      encode([start, { type: 'turn-end', reason: 'stop', stopSequence: '"END"', usage }]).includes(
        '"finish_reason":"stop","stop_reason":"\\"END\\""}',
      ),
    );
  });

  test('is kept alive by comments, also before it begins', () => {
    assert.equal(encode([{ type: 'keep-alive' }, start]), `: keep-alive\n\n${role}`);
  });

  test('carries the name that the client asked for when the backend names no model', () => {
    assert.match(encode([{ type: 'turn-start', model: '', inputTokens: 1 }]), /"model":"asked"/);
    assert.match(encode([{ type: 'text-delta', text: 'a' }]), /"role":"assistant".*\n\n.*"content":"a"/);
  });

  test('that fails ends in an error, without finish reason or [DONE]', () => {
    const encoder = openAiChat.createStreamEncoder(exampleRequest());
    encoder.encode(start);
    assert.equal(
      encoder.fail(new ProxyError('upstream-unavailable', 'Gone. Try again.')),
      'data: {"error":{"message":"Gone. Try again.","type":"server_error","param":null,"code":"upstream_unavailable"}}\n\n',
    );
  });

  test('speaks of one function_call to clients from before tools', () => {
    const request = exampleRequest({ tools: undefined, functions: [{ name: 'f' }] });
    assert.equal(
      encode(
        [
          start,
          { type: 'tool-call-start', id: 'a', name: 'f' },
          { type: 'tool-call-delta', id: 'a', input: '{"x":1}' },
          { type: 'tool-call-end', id: 'a' },
          { type: 'tool-call-start', id: 'b', name: 'f' },
          { type: 'tool-call-delta', id: 'b', input: '{"x":2}' },
          { type: 'tool-call-end', id: 'b' },
          { type: 'turn-end', reason: 'tool-calls', usage },
        ],
        request,
      ),
      [
        role,
        delta('"function_call":{"name":"f","arguments":""}'),
        delta('"function_call":{"arguments":"{\\"x\\":1}"}'),
        finish('function_call'),
        done,
      ].join(''),
    );
  });
});
