import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProxyError } from '../../../src/core/errors.ts';
import type { EndReason, TurnEvent } from '../../../src/core/events.ts';
import { type AnswerPart, answerParts } from '../../../src/extension/chat/answer-parts.ts';
import { chatErrorCode } from '../../../src/extension/chat/chat-error.ts';

const end = (reason: EndReason = 'stop'): TurnEvent => ({
  type: 'turn-end',
  reason,
  usage: { source: 'estimate', inputTokens: 1, outputTokens: 1 },
});

async function* stream(events: readonly TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* events;
}

async function partsOf(...events: TurnEvent[]): Promise<AnswerPart[]> {
  const parts: AnswerPart[] = [];
  for await (const part of answerParts(stream(events))) parts.push(part);
  return parts;
}

test('text and thoughts come as they are', async () => {
  const parts = await partsOf(
    { type: 'turn-start', model: 'kmodel', inputTokens: 1 },
    { type: 'keep-alive' },
    { type: 'reasoning-delta', text: 'Hm' },
    { type: 'text-delta', text: ' Good ' },
    { type: 'text-delta', text: 'day' },
    end(),
  );
  assert.deepEqual(parts, [
    { type: 'thinking', text: 'Hm' },
    { type: 'text', text: ' Good ' },
    { type: 'text', text: 'day' },
  ]);
});

test('calls that overlap come whole, each when it is complete', async () => {
  const parts = await partsOf(
    { type: 'tool-call-start', id: 'a', name: 'ls' },
    { type: 'tool-call-delta', id: 'a', input: '{"path":' },
    { type: 'tool-call-start', id: 'b', name: 'now' },
    { type: 'tool-call-end', id: 'b' },
    { type: 'tool-call-delta', id: 'a', input: '"/"}' },
    { type: 'tool-call-end', id: 'a' },
    end('tool-calls'),
  );
  assert.deepEqual(parts, [
    { type: 'tool-call', id: 'b', name: 'now', input: {} },
    { type: 'tool-call', id: 'a', name: 'ls', input: { path: '/' } },
  ]);
});

test('a call whose input is no object fails the answer at its end, not before', async () => {
  const seen: AnswerPart[] = [];
  const events = stream([
    { type: 'tool-call-start', id: 'a', name: 'ls' },
    { type: 'tool-call-delta', id: 'a', input: '["/"]' },
    { type: 'tool-call-end', id: 'a' },
    { type: 'text-delta', text: 'There.' },
    end('tool-calls'),
  ]);
  await assert.rejects(
    async () => {
      for await (const part of answerParts(events)) seen.push(part);
    },
    (error) =>
      error instanceof ProxyError && error.kind === 'upstream-protocol' && error.message.includes('“ls”'),
  );
  assert.deepEqual(seen, [{ type: 'text', text: 'There.' }]);
});

test('an answer that the content filter ended is told as such', async () => {
  await assert.rejects(partsOf({ type: 'text-delta', text: 'So' }, end('content-filter')), /content filter/);
});

describe('a failure as VS Code knows it', () => {
  const codes = [
    ['login-required', 'NoPermissions'],
    ['rate-limited', 'Blocked'],
    ['model-not-found', 'NotFound'],
    ['upstream-unavailable', undefined],
  ] as const;
  for (const [kind, code] of codes) {
    test(`${kind}: ${code ?? 'any'}`, () => assert.equal(chatErrorCode(new ProxyError(kind, 'x')), code));
  }
  test('goes by the kind, whatever class the error is of', () => {
    assert.equal(chatErrorCode({ kind: 'rate-limited' }), 'Blocked');
    assert.equal(chatErrorCode(new TypeError('x')), undefined);
    assert.equal(chatErrorCode(undefined), undefined);
  });
});
