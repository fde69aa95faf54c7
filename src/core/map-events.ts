import type { TurnEventStream } from './backend.ts';
import type { TurnEvent } from './events.ts';

/**
 * Events as `map` gives them on, one for one. By hand and not as a generator: a stream has thousands of events, and each would
 * pay for a generator's three turns of the microtask queue.
 */
export function mapEvents(events: TurnEventStream, map: (event: TurnEvent) => TurnEvent): TurnEventStream {
  return {
    [Symbol.asyncIterator]() {
      const reader = events[Symbol.asyncIterator]();
      const mapped = (step: IteratorResult<TurnEvent>): IteratorResult<TurnEvent> => {
        if (step.done === true) return step;
        const value = map(step.value);
        return value === step.value ? step : { done: false, value };
      };
      return {
        next: () => reader.next().then(mapped),
        ready: () => {
          const events = reader.ready?.() ?? [];
          return events.length === 0 ? events : events.map(map);
        },
        return: async () => (await reader.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
