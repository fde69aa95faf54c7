import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Responses } from 'openai/resources/responses/responses';
import type { TurnResult } from '../../../src/core/collect.ts';
import {
  createDialect,
  encodeStream,
  PlainStore,
  parseSse,
  start,
  stop,
  text,
  usage,
} from './dialect-under-test.ts';

function encode(
  content: TurnResult['content'],
  body: Record<string, unknown> = {},
  reason: TurnResult['reason'] = 'stop',
  store = new PlainStore(),
): Record<string, unknown> {
  const dialect = createDialect(store);
  const request = dialect.decodeRequest({ model: 'kmodel', input: 'hi', ...body });
  return { ...dialect.encodeResult({ model: 'kmodel', content, reason, usage }, request) };
}

describe('a whole answer', () => {
  it('is a response object with an item for each part', () => {
    const tools = [{ type: 'custom', name: 'patch' }];
    const response = encode(
      [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'I do.' },
        { type: 'tool-call', id: 'c1', name: 'run', input: '' },
        { type: 'tool-call', id: 'c2', name: 'patch', input: '***' },
      ],
      { tools, reasoning: { effort: 'low' } },
      'tool-calls',
    );
    assert.equal(response['status'], 'completed');
    assert.equal(response['completed_at'], 1_700_000_000);
    assert.deepEqual(response['output'], [
      {
        id: 'rs_a10000',
        type: 'reasoning',
        status: 'completed',
        summary: [{ type: 'summary_text', text: 'hm' }],
      },
      {
        id: 'msg_a10001',
        type: 'message',
        status: 'completed',
        content: [{ type: 'output_text', annotations: [], logprobs: [], text: 'I do.' }],
        role: 'assistant',
      },
      {
        id: 'fc_a10002',
        type: 'function_call',
        status: 'completed',
        arguments: '{}',
        call_id: 'c1',
        name: 'run',
      },
      {
        id: 'ctc_a10003',
        type: 'custom_tool_call',
        status: 'completed',
        input: '***',
        call_id: 'c2',
        name: 'patch',
      },
    ] satisfies (Responses.ResponseOutputItem | Responses.ResponseCustomToolCallItem)[]);
  });

  it('hides thoughts that nobody asked for', () => {
    const { output } = encode([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'a' },
    ]);
    assert.ok(Array.isArray(output));
    assert.deepEqual(
      output.map(({ type }) => type),
      ['message'],
    );
  });

  it('is incomplete when it was cut', () => {
    const response = encode([{ type: 'text', text: 'a' }], {}, 'length');
    assert.equal(response['status'], 'incomplete');
    assert.equal(response['completed_at'], null);
    assert.deepEqual(response['incomplete_details'], { reason: 'max_output_tokens' });
  });

  it('is the same response object as the one that ends a stream', () => {
    const dialect = createDialect();
    const request = dialect.decodeRequest({ input: 'hi', stream: true, model: 'kmodel' });
    const streamed = parseSse(encodeStream(dialect, request, [start, text('a'), stop])).at(-1)?.data[
      'response'
    ];
    assert.deepEqual(streamed, encode([{ type: 'text', text: 'a' }]));
  });

  it('is kept with its conversation, unless the client says store: false', () => {
    const store = new PlainStore();
    const { output } = encode([{ type: 'text', text: 'a' }], {}, 'stop', store);
    assert.ok(Array.isArray(output));
    const question = { type: 'message', role: 'user', content: 'hi' };
    assert.deepEqual(store.saved, [{ id: 'resp_a1', conversation: [question, ...output], output }]);
    encode([{ type: 'text', text: 'a' }], { store: false }, 'stop', store);
    assert.equal(store.saved.length, 1);
  });
});
