import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TurnEvent } from '../../src/core/events.ts';
import { AnswerLog } from '../../src/recording/answer-log.ts';
import { Redactor } from '../../src/recording/redaction.ts';

const redactor = new Redactor();
redactor.addSecret('Kq7zVbN2mX9pLw4T');

function logged(events: readonly TurnEvent[], limit = 1_000_000): AnswerLog {
  const log = new AnswerLog(limit);
  for (const [index, event] of events.entries()) log.add([event], index * 10);
  return log;
}

test('neighbouring deltas of one kind become one entry that still tells what came when', () => {
  const log = logged([
    { type: 'turn-start', model: 'kmodel', inputTokens: 1 },
    { type: 'text-delta', text: 'Hel' },
    { type: 'text-delta', text: 'lo' },
    { type: 'tool-call-start', id: 'a', name: 'read' },
    { type: 'tool-call-delta', id: 'a', input: '{' },
    { type: 'tool-call-delta', id: 'b', input: '[' },
    { type: 'tool-call-delta', id: 'b', input: ']' },
  ]);
  assert.deepEqual(log.read(redactor), [
    { type: 'event', atMs: 0, event: { type: 'turn-start', model: 'kmodel', inputTokens: 1 } },
    { type: 'text-delta', text: 'Hello', pieces: [10, 3, 20, 2] },
    { type: 'event', atMs: 30, event: { type: 'tool-call-start', id: 'a', name: 'read' } },
    { type: 'tool-call-delta', id: 'a', text: '{', pieces: [40, 1] },
    { type: 'tool-call-delta', id: 'b', text: '[]', pieces: [50, 1, 60, 1] },
  ]);
});

test('text is as it came however long it is, even where a character comes in two halves', () => {
  const text = fc.string({ unit: 'binary', maxLength: 50 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 300 }), (texts) => {
      const pieces = texts.flatMap((whole) => [...whole.split('').map(String), 'word '.repeat(20)]);
      const log = logged(pieces.map((piece) => ({ type: 'text-delta', text: piece })));
      const [entry] = log.read(new Redactor());
      assert.equal(entry?.type === 'text-delta' && entry.text, pieces.join(''));
    }),
    { numRuns: 30 },
  );
});

test('a secret that comes torn over several deltas is not shown, however it is torn', () => {
  const secret = 'Kq7zVbN2mX9pLw4T';
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: secret.length - 1 }), { minLength: 1 }), (cuts) => {
      const ends = [...new Set(cuts), secret.length].sort((one, other) => one - other);
      const pieces = ends.map((end, index) => secret.slice(ends[index - 1] ?? 0, end));
      const log = logged(['It is ', ...pieces, '.'].map((text) => ({ type: 'text-delta', text })));
      assert.deepEqual(log.read(redactor), [
        { type: 'text-delta', text: 'It is [redacted].', pieces: [0, 17] },
      ]);
    }),
  );
});

test('events beyond the limit are counted and not kept', () => {
  const log = logged(
    Array.from({ length: 100 }, () => ({ type: 'text-delta', text: 'word ' })),
    // An entry, and ten times a piece with five characters.
    64 + 10 * (16 + 5),
  );
  assert.equal(log.dropped, 90);
  assert.deepEqual(
    log.read(redactor).map((entry) => entry.type === 'text-delta' && entry.text),
    ['word '.repeat(10)],
  );
});
