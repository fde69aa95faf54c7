import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TurnResult } from '../../../src/core/collect.ts';
import { encodeMessagesResult } from '../../../src/protocols/anthropic/encode-result.ts';
import { signThinking } from '../../../src/protocols/anthropic/thinking-signature.ts';
import { decode } from './example-request.ts';

const asking = decode({ thinking: { type: 'adaptive' } });
const empty: TurnResult = {
  model: 'kmodel',
  content: [],
  reason: 'stop',
  usage: { source: 'upstream', inputTokens: 1, outputTokens: 2 },
};

describe('encoding a whole answer', () => {
  it('writes thoughts, text and calls in order', () => {
    const result: TurnResult = {
      ...empty,
      content: [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: ' ok\n' },
        { type: 'tool-call', id: 't1', name: 'Read', input: '{"path":"a"}' },
        { type: 'tool-call', id: 't2', name: 'List', input: '' },
      ],
    };
    assert.deepEqual(encodeMessagesResult(result, asking, 'msg_1'), {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'kmodel',
      content: [
        { type: 'thinking', thinking: 'hm', signature: signThinking('hm') },
        { type: 'text', text: ' ok\n' },
        { type: 'tool_use', id: 't1', name: 'Read', input: { path: 'a' } },
        { type: 'tool_use', id: 't2', name: 'List', input: {} },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: {
        input_tokens: 1,
        cache_creation_input_tokens: null,
        cache_read_input_tokens: null,
        output_tokens: 2,
      },
    });
  });

  it('hides thoughts from a request that did not ask for them', () => {
    const result = { ...empty, content: [{ type: 'reasoning', text: 'x', signature: 's' } as const] };
    assert.deepEqual((encodeMessagesResult(result, decode()) as { content: unknown }).content, []);
  });

  it('leaves out a call that the limit cut off', () => {
    const result = {
      ...empty,
      reason: 'length',
      content: [{ type: 'tool-call', id: 't', name: 'R', input: '{"a' }],
    } as const;
    const message = encodeMessagesResult(result, asking) as { content: unknown; stop_reason: string };
    assert.deepEqual(message.content, []);
    assert.equal(message.stop_reason, 'max_tokens');
  });

  it('fails on a finished call without readable arguments instead of inventing some', () => {
    for (const input of ['{"a', '[1]', '"x"']) {
      const result = { ...empty, content: [{ type: 'tool-call', id: 't', name: 'R', input } as const] };
      assert.throws(() => encodeMessagesResult(result, asking), { kind: 'upstream-protocol' });
    }
  });

  it('says which stop sequence matched', () => {
    const message = encodeMessagesResult({ ...empty, stopSequence: 'END' }, asking) as Record<
      string,
      unknown
    >;
    assert.equal(message['stop_reason'], 'stop_sequence');
    assert.equal(message['stop_sequence'], 'END');
  });

  it('marks a refusal', () => {
    const message = encodeMessagesResult({ ...empty, reason: 'content-filter' }, asking) as Record<
      string,
      unknown
    >;
    assert.equal(message['stop_reason'], 'refusal');
    assert.deepEqual(message['stop_details'], { type: 'refusal', category: null, explanation: null });
  });
});
