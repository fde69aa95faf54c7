import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TurnResult } from '../../../src/core/collect.ts';
import { openAiChat } from '../../../src/protocols/openai-chat/protocol.ts';
import { exampleRequest } from './example-request.ts';

const text: TurnResult = {
  model: 'kmodel',
  content: [{ type: 'text', text: ' Hi\n' }],
  reason: 'stop',
  usage: { source: 'upstream', inputTokens: 3, outputTokens: 4 },
};

describe('a whole chat answer', () => {
  test('is a chat.completion', () => {
    assert.deepEqual(openAiChat.encodeResult(text, exampleRequest()), {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'kmodel',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: ' Hi\n', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    });
  });

  test('holds thoughts, text from before and after them, and calls', () => {
    const result = openAiChat.encodeResult(
      {
        ...text,
        model: '',
        content: [
          { type: 'text', text: 'a' },
          { type: 'reasoning', text: 'hm', signature: 's' },
          { type: 'text', text: 'b' },
          { type: 'tool-call', id: 'c1', name: 'read', input: '{"p":1}' },
          { type: 'tool-call', id: 'c2', name: 'read', input: '' },
          { type: 'tool-call', id: 'c3', name: 'patch', input: '*** Begin' },
        ],
        stopSequence: 'END',
        usage: { source: 'estimate', inputTokens: 1, outputTokens: 1 },
      },
      exampleRequest(),
    );
    assert.deepEqual(result, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'asked',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'ab',
            refusal: null,
            reasoning_content: 'hm',
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'read', arguments: '{"p":1}' } },
              { id: 'c2', type: 'function', function: { name: 'read', arguments: '{}' } },
              { id: 'c3', type: 'custom', custom: { name: 'patch', input: '*** Begin' } },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
          stop_reason: 'END',
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, estimated: true },
    });
  });

  test('has null content only beside calls', () => {
    const message = (content: TurnResult['content']) =>
      JSON.stringify(openAiChat.encodeResult({ ...text, content }, exampleRequest()));
    assert.match(message([{ type: 'tool-call', id: 'a', name: 'read', input: '{}' }]), /"content":null/);
    assert.match(message([]), /"content":""/);
  });

  test('is one function_call for clients from before tools', () => {
    const result = openAiChat.encodeResult(
      { ...text, content: [{ type: 'tool-call', id: 'a', name: 'f', input: '{"x":1}' }] },
      exampleRequest({ tools: undefined, functions: [{ name: 'f' }] }),
    );
    assert.match(
      JSON.stringify(result),
      /"function_call":\{"name":"f","arguments":"\{\\"x\\":1\}"\}\},"logprobs":null,"finish_reason":"function_call"/,
    );
  });
});
