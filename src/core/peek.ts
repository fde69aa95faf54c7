/** A stream whose first item has been waited for already. */
export interface Peeked<T> {
  /** Undefined when the stream was empty. */
  readonly first: T | undefined;
  /** All items, the first included. */
  readonly all: AsyncIterable<T>;
}

/**
 * Waits for the first item, so that a failure before it can still be answered with a status. Rejects with what the stream
 * throws. Whoever does not iterate `all` to its end must `return()` it.
 */
export async function peek<T>(stream: AsyncIterable<T>): Promise<Peeked<T>> {
  const iterator = stream[Symbol.asyncIterator]();
  const first = await iterator.next();
  let replayed = false;
  // Not a generator: one more of those would cost every later item a turn of the event loop.
  const replaying: AsyncIterator<T> = {
    next() {
      if (replayed) return iterator.next();
      replayed = true;
      return Promise.resolve(first);
    },
    async return(value) {
      return (await iterator.return?.(value)) ?? { done: true, value };
    },
  };
  return { first: first.done ? undefined : first.value, all: { [Symbol.asyncIterator]: () => replaying } };
}
