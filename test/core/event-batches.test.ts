import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EventBatches } from '../../src/core/event-batches.ts';
import type { TurnEvent } from '../../src/core/events.ts';

const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });

async function* batches(...all: TurnEvent[][]): AsyncGenerator<TurnEvent[]> {
  yield* all;
}

describe('event batches', () => {
  test('give every event once, in order, to who only waits', async () => {
    const events: TurnEvent[] = [];
    for await (const event of new EventBatches(batches([text('a'), text('b')], [], [text('c')])))
      events.push(event);
    assert.deepEqual(events, [text('a'), text('b'), text('c')]);
  });

  test('have the rest of a batch ready, and nothing of the next', async () => {
    const events = new EventBatches(batches([text('a'), text('b')], [text('c')]));
    assert.deepEqual(events.ready(), []);
    assert.deepEqual(await events.next(), { done: false, value: text('a') });
    assert.deepEqual(events.ready(), [text('b')]);
    assert.deepEqual(events.ready(), []);
    assert.deepEqual(await events.next(), { done: false, value: text('c') });
    assert.equal((await events.next()).done, true);
  });

  test('give nothing more once they are left, and leave their source', async () => {
    let left = false;
    async function* source() {
      try {
        yield [text('a'), text('b')];
      } finally {
        left = true;
      }
    }
    const events = new EventBatches(source());
    await events.next();
    await events.return();
    assert.equal(left, true);
    assert.deepEqual(events.ready(), []);
    assert.equal((await events.next()).done, true);
  });
});
