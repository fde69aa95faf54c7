import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TurnEvent } from '../../src/core/events.ts';
import { StopMatcher } from '../../src/policies/stop-sequences/stop-matcher.ts';
import { stopSequences } from '../../src/policies/stop-sequences.ts';
import {
  end,
  eventsOf,
  recordedContext,
  ScriptedBackend,
  says,
  start,
  text,
  turnWith,
  visibleText,
} from './scripted-backend.ts';

async function cut(
  stop: string[],
  events: TurnEvent[],
): Promise<{ events: TurnEvent[]; backend: ScriptedBackend }> {
  const backend = new ScriptedBackend(events);
  const turn = turnWith({ sampling: { temperature: 1, stop } });
  return { events: await eventsOf(stopSequences()(backend).run(turn, recordedContext())), backend };
}

test('a turn without stop sequences goes through as it is', async () => {
  const backend = new ScriptedBackend(says('Hi'));
  const turn = turnWith();
  await eventsOf(stopSequences()(backend).run(turn, recordedContext()));
  assert.equal(backend.turns[0], turn);
});

test('the text is cut before the sequence, which is named, and upstream is cancelled', async () => {
  const { events, backend } = await cut(['END', '</x>'], says('one two EN', 'D three', ' four'));
  assert.equal(visibleText(events), 'one two ');
  const last = events.at(-1);
  assert.ok(last?.type === 'turn-end' && last.usage.source === 'estimate' && last.usage.inputTokens === 10);
  assert.deepEqual([last.reason, last.stopSequence], ['stop', 'END']);
  assert.equal(backend.cancelled, 1);
  assert.deepEqual(backend.turns[0]?.sampling, { temperature: 1 });
});

test('only what may become a sequence is held back', async () => {
  const { events } = await cut(['END'], says('one E', 'x EN', ' y', 'E'));
  assert.deepEqual(events, [start, ...text('one ', 'Ex ', 'EN y', 'E'), end]);
});

test('reasoning and tool input are not searched, and end what is held', async () => {
  const thought: TurnEvent = { type: 'reasoning-delta', text: 'END' };
  const call: TurnEvent[] = [
    { type: 'tool-call-start', id: 'c', name: 'x' },
    { type: 'tool-call-delta', id: 'c', input: '"END"' },
    { type: 'tool-call-end', id: 'c' },
  ];
  const { events } = await cut(['END'], [start, thought, ...text('E'), ...call, ...text('ND'), end]);
  assert.deepEqual(events, [start, thought, ...text('E'), ...call, ...text('ND'), end]);
});

test('keep-alives end nothing', async () => {
  const { events } = await cut(['END'], [start, ...text('E'), { type: 'keep-alive' }, ...text('ND'), end]);
  assert.equal(visibleText(events), '');
});

test('the matcher finds the sequence that is complete first, however the text is torn', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 });
  const sequences = fc.array(
    fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(letters, sequences, fc.integer({ min: 1, max: 5 }), (whole, stops, size) => {
      let expected = whole;
      for (let length = 1; length <= whole.length && expected === whole; length++) {
        const ended = stops.filter((stop) => whole.slice(0, length).endsWith(stop));
        const longest = ended.toSorted((a, b) => b.length - a.length)[0];
        if (longest !== undefined) expected = `${whole.slice(0, length - longest.length)}|${longest}`;
      }
      const matcher = new StopMatcher(stops);
      let found = '';
      let stopped = false;
      for (let index = 0; index < whole.length && !stopped; index += size) {
        const match = matcher.push(whole.slice(index, index + size));
        found += match.text;
        if (match.stop !== undefined) {
          found += `|${match.stop}`;
          stopped = true;
        }
      }
      if (!stopped) found += matcher.flush();
      assert.equal(found, expected);
    }),
    { numRuns: 500 },
  );
});
