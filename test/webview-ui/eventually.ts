import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves once `read` gives what is wanted; fails with the last thing that it gave after 10 s. */
export async function eventually<Value>(read: () => Promise<Value>, wanted: Value): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const value = await read();
    try {
      return assert.deepEqual(value, wanted);
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(20);
  }
}
