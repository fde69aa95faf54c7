import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeCountTokensRequest, encodeTokenCount } from '../../../src/protocols/anthropic/protocol.ts';
import { userSays } from './example-request.ts';

describe('counting tokens', () => {
  it('decodes the same request without max_tokens', () => {
    const turn = decodeCountTokensRequest({
      model: 'm',
      system: 's',
      messages: [userSays('hi')],
      tools: [{ name: 'T' }],
    });
    assert.deepEqual(turn.system, ['s']);
    assert.equal(turn.tools.length, 1);
  });

  it('counts what could not be answered by leaving it out', () => {
    const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: '' } };
    const turn = decodeCountTokensRequest({
      messages: [userSays([pdf, { type: 'text', text: 'hi' }])],
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      tool_choice: { type: 'tool', name: 'web_search' },
      thread: { type: 'create' },
    });
    assert.deepEqual(turn.messages, [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]);
    assert.deepEqual(decodeCountTokensRequest({ messages: [], tools: [{ name: 'T' }] }).messages, []);
  });

  it('answers with the number', () => {
    assert.deepEqual(encodeTokenCount(12), { input_tokens: 12 });
  });
});
