import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Turn } from '../../src/core/turn.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';

function turn(messages: readonly Message[], rest: Partial<Turn> = {}): Turn {
  return {
    model: 'kmodel',
    system: ['You help.'],
    messages,
    tools: [],
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'whole',
    metadata: {},
    ...rest,
  };
}

function sessionOf(asked: Turn, headers: Record<string, string> = {}): string | undefined {
  const recorder = new Recorder({ redactor: new Redactor() });
  recorder.begin({ method: 'POST', path: '/v1/messages', headers }).decoded('messages', asked, false);
  return recorder.summaries(1)[0]?.sessionId;
}

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const assistant = (text: string): Message => ({ role: 'assistant', content: [{ type: 'text', text }] });

test("the client's own id counts, from a header before the body", () => {
  const metadata = { sessionId: 'from-body' };
  assert.equal(sessionOf(turn([user('Hi')], { metadata })), 'from-body');
  for (const header of ['x-claude-code-session-id', 'thread-id', 'session_id', 'x-opencode-session']) {
    assert.equal(sessionOf(turn([user('Hi')], { metadata }), { [header]: 'from-header' }), 'from-header');
  }
});

test('without one, requests that begin alike are one session, and others are others', () => {
  const first = sessionOf(turn([user('Hi')]));
  assert.match(first ?? '', /^conversation-[0-9a-f]{12}$/);
  assert.equal(sessionOf(turn([user('Hi'), assistant('Hello'), user('And now?')])), first);
  assert.notEqual(sessionOf(turn([user('Ho')])), first);
  assert.notEqual(sessionOf(turn([user('Hi')], { system: ['You harm.'] })), first);
});
