import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peek } from '../../src/core/peek.ts';

test('the first item is known early and still part of the stream', async () => {
  async function* numbers() {
    yield* [1, 2, 3];
  }
  const { first, all } = await peek(numbers());
  assert.equal(first, 1);
  assert.deepEqual(await Array.fromAsync(all), [1, 2, 3]);
});

test('an empty stream has no first item', async () => {
  async function* nothing(): AsyncGenerator<number> {}
  const { first, all } = await peek(nothing());
  assert.equal(first, undefined);
  assert.deepEqual(await Array.fromAsync(all), []);
});

test('a failure before the first item is thrown at once', async () => {
  // biome-ignore lint/correctness/useYield: it fails before it can
  async function* failing(): AsyncGenerator<number> {
    throw new Error('early');
  }
  await assert.rejects(peek(failing()), /early/);
});

test('whoever stops early stops the source', async () => {
  let stopped = false;
  async function* endless() {
    try {
      for (let number = 0; ; number++) yield number;
    } finally {
      stopped = true;
    }
  }
  const { all } = await peek(endless());
  for await (const number of all) if (number === 2) break;
  assert.equal(stopped, true);
});
