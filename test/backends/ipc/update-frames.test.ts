import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { UpdateFrames } from '../../../src/backends/ipc/update-frames.ts';
import { type RoutedUpdate, readUpdate } from '../../../src/backends/ipc/updates.ts';

const notification = (text: string, requestId = 'request-1', rest: object = {}) =>
  JSON.stringify({
    jsonrpc: '2.0',
    method: 'session/update',
    params: {
      sessionId: `session of ${requestId}`,
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text }, ...rest },
      _meta: { 'ai-coding/request-id': requestId },
    },
  });

function parsed(message: string): RoutedUpdate {
  const routed = readUpdate(JSON.parse(message).params);
  assert.ok(routed);
  return routed;
}

/** Frames that have learned from these notifications. */
function learned(...messages: readonly string[]): UpdateFrames {
  const frames = new UpdateFrames();
  for (const message of messages) frames.learn(message, parsed(message));
  return frames;
}

describe('frames of updates', () => {
  it('read any text as parsing the notification would', () => {
    const frames = learned(notification('Hello'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (said) => {
        const message = notification(said);
        const { frame, quoted, ...read } = frames.read(message) ?? {};
        assert.deepEqual(read, parsed(message));
        assert.equal(`${frame?.before}${quoted}${frame?.after}`, message);
      }),
    );
  });

  it('tell the turns apart whose updates interleave', () => {
    const frames = learned(notification('One'), notification('Two', 'request-2'));
    for (const requestId of ['request-1', 'request-2', 'request-1']) {
      assert.equal(frames.read(notification('more', requestId))?.requestId, requestId);
    }
  });

  it('learn nothing where another field holds the same words first', () => {
    const withNote = (note: string) =>
      notification('Hello').replace('"content"', `"note":{"text":"${note}"},"content"`);
    const frames = learned(withNote('Hello'));
    assert.equal(frames.read(withNote('Bye')), undefined);
    assert.equal(frames.read(withNote('Hello')), undefined);
  });

  const others: Readonly<Record<string, string>> = {
    'is of another turn': notification('x', 'request-9'),
    'is a thought': notification('x').replace('agent_message_chunk', 'agent_thought_chunk'),
    'has another field': notification('x', 'request-1', { extra: 1 }),
    'has a field within the text': notification('x').replace('"x"', '"x","more":"y"'),
    'is broken': notification('x').replace('"x"', '"x\\q"'),
    'ends within the text': notification('x').slice(0, -60),
    'ends the turn': JSON.stringify({
      method: 'session/update',
      params: { update: { type: 'chat_finish' } },
    }),
  };
  for (const [what, message] of Object.entries(others)) {
    it(`leave a notification that ${what} to the parser`, () => {
      assert.equal(learned(notification('Hello')).read(message), undefined);
    });
  }

  it('forget a turn that has ended', () => {
    const frames = learned(notification('One'), notification('Two', 'request-2'));
    frames.forget('request-1');
    assert.equal(frames.read(notification('more')), undefined);
    assert.ok(frames.read(notification('more', 'request-2')));
  });

  it('give up a turn whose updates keep differing in more than their text', () => {
    const frames = new UpdateFrames();
    const differing = (at: number) => notification('Hello', 'request-1', { at });
    for (let at = 0; at < 9; at++) frames.learn(differing(at), parsed(differing(at)));
    assert.ok(frames.read(differing(7)));
    assert.equal(frames.read(differing(8)), undefined);
  });
});
