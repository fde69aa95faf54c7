import type { TurnEvent } from './events.ts';

/**
 * Events as `map` gives them on, one for one. By hand and not as a generator: a stream has thousands of events, and each would
 * pay for a generator's three turns of the microtask queue.
 */
export function mapEvents(
  events: AsyncIterable<TurnEvent>,
  map: (event: TurnEvent) => TurnEvent,
): AsyncIterable<TurnEvent> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = events[Symbol.asyncIterator]();
      const mapped = (step: IteratorResult<TurnEvent>): IteratorResult<TurnEvent> => {
        if (step.done === true) return step;
        const value = map(step.value);
        return value === step.value ? step : { done: false, value };
      };
      return {
        next: () => iterator.next().then(mapped),
        return: async (value) => (await iterator.return?.(value)) ?? { done: true, value },
      };
    },
  };
}
