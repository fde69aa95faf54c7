import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readUpdate } from '../../../src/backends/ipc/updates.ts';

const meta = { 'ai-coding/request-id': 'r1' };

function read(update: object) {
  return readUpdate({ sessionId: 's1', _meta: meta, update })?.update;
}

describe('a session/update', () => {
  it('is routed by its request id and session id', () => {
    const routed = readUpdate({ sessionId: 's1', _meta: meta, update: { sessionUpdate: 'x' } });
    assert.deepEqual(routed, {
      requestId: 'r1',
      sessionId: 's1',
      update: { kind: 'unknown', name: 'x' },
    });
  });

  it('has no request id when it names none', () => {
    assert.equal(readUpdate({ sessionId: 's1', update: { sessionUpdate: 'x' } })?.requestId, undefined);
    assert.equal(readUpdate({ _meta: null, update: { sessionUpdate: 'x' } })?.requestId, undefined);
  });

  it('carries text with its exact white space', () => {
    const content = { type: 'text', text: '  \n\ta ' };
    assert.deepEqual(read({ sessionUpdate: 'agent_message_chunk', content }), {
      kind: 'message',
      text: '  \n\ta ',
    });
  });

  it('carries a thought', () => {
    const update = {
      sessionUpdate: 'agent_thought_chunk',
      content: { text: 'hm' },
      _meta: { 'ai-coding/thinking-duration-millis': 5 },
    };
    assert.deepEqual(read(update), { kind: 'thought', text: 'hm' });
  });

  it('reports the context in use', () => {
    const update = {
      sessionUpdate: 'notification',
      type: 'context_usage',
      data: { usedTokens: 5, limitTokens: 100 },
    };
    assert.deepEqual(read(update), { kind: 'context-usage', usedTokens: 5, limitTokens: 100 });
  });

  const finishes: [string, object, object][] = [
    ['a reason', { data: { reason: 'success' } }, { reason: 'success', status: undefined }],
    ['a status in the data', { data: { reason: 'x', statusCode: 500 } }, { reason: 'x', status: 500 }],
    ['a status as text', { data: { statusCode: '429' } }, { reason: '', status: 429 }],
    ['a status beside the data', { statusCode: 503 }, { reason: '', status: 503 }],
    ['a reason that is no text', { data: { reason: 7, statusCode: 400 } }, { reason: '', status: 400 }],
    ['no data', { data: null }, { reason: '', status: undefined }],
  ];
  for (const [what, fields, expected] of finishes) {
    it(`ends a turn with ${what}`, () => {
      assert.deepEqual(read({ sessionUpdate: 'notification', type: 'chat_finish', ...fields }), {
        kind: 'finish',
        ...expected,
      });
    });
  }

  it('says what it is when nobody knows it', () => {
    assert.deepEqual(read({ sessionUpdate: 'plan', content: [1, 2] }), { kind: 'unknown', name: 'plan' });
    assert.deepEqual(read({ sessionUpdate: 'notification', type: 'news' }), {
      kind: 'unknown',
      name: 'notification news',
    });
    assert.deepEqual(read({ sessionUpdate: 'agent_message_chunk', content: { text: 5 } }), {
      kind: 'unknown',
      name: 'agent_message_chunk without text',
    });
  });

  it('is none when it has no update', () => {
    for (const params of [undefined, null, 5, [], {}, { update: 'x' }, { update: { sessionUpdate: 5 } }]) {
      assert.equal(readUpdate(params), undefined);
    }
  });
});
