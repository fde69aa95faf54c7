import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateMessageTokens } from '../../../src/extension/chat/message-tokens.ts';

test('a text is worth what the proxy estimates', () => {
  assert.equal(estimateMessageTokens('12345678'), 2);
  assert.equal(estimateMessageTokens('你好'), 2);
  assert.equal(estimateMessageTokens(''), 0);
});

test('a message is worth its parts in either of the shapes that hosts hand over', () => {
  const input = { city: 'Hangzhou' };
  const objects = {
    role: 1,
    content: [
      { value: '12345678' },
      { callId: 'c1', name: 'get_weather', input },
      { callId: 'c1', content: [{ value: 'Rain' }] },
      { mimeType: 'image/png', data: new Uint8Array(9) },
    ],
  };
  const plain = {
    role: 1,
    content: [
      { type: 'text', value: '12345678' },
      { type: 'tool_use', toolCallId: 'c1', name: 'get_weather', parameters: input },
      { type: 'tool_result', toolCallId: 'c1', value: [{ type: 'text', value: 'Rain' }] },
      { type: 'image_url', value: { mimeType: 'image/png', data: {} } },
    ],
  };
  const tokens = 4 + 2 + (4 + 5 + 3) + 1 + 1_100;
  assert.equal(estimateMessageTokens(objects), tokens);
  assert.equal(estimateMessageTokens(plain), tokens);
});

test('what is no message is worth nothing', () => {
  assert.equal(estimateMessageTokens(undefined), 0);
});
