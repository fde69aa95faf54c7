import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventTimes } from '../../src/recording/event-times.ts';

test('an event has the time of the write that completed it, however the writes tear the events', () => {
  const events = ['data: one\n\n', ': alive\n\n', 'event: x\ndata: two\n\n', 'data: three\n\n'];
  const text = events.join('');
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const ends = [...new Set([...cuts, text.length])].filter((end) => end > 0).sort((a, b) => a - b);
      const times = new EventTimes();
      for (const end of ends) times.add(end, end * 2);
      let end = 0;
      const expected = events.map((event) => {
        end += event.length;
        return (ends.find((written) => written >= end) ?? 0) * 2;
      });
      assert.deepEqual(times.read(text), expected);
      times.seal(text);
      assert.deepEqual(times.read(), expected);
    }),
  );
});
