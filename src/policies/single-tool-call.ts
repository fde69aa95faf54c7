import { type Policy, type RunContext, withRun } from '../core/backend.ts';
import type { TurnEvent } from '../core/events.ts';

/**
 * Honours `parallelToolCalls: false` for an upstream that has no field for it: the first call of an answer is passed on, further
 * ones are left out and put on the record. The model makes them again once it has the first one's result.
 */
export function singleToolCall(): Policy {
  return (inner) =>
    withRun(inner, (turn, context) => {
      const events = inner.run(turn, context);
      return turn.parallelToolCalls === false && turn.tools.length > 0
        ? firstCallOnly(events, context)
        : events;
    });
}

async function* firstCallOnly(
  events: AsyncIterable<TurnEvent>,
  { trace }: RunContext,
): AsyncGenerator<TurnEvent> {
  let first: string | undefined;
  for await (const event of events) {
    switch (event.type) {
      case 'tool-call-start':
        first ??= event.id;
        if (event.id === first) yield event;
        else
          trace.note({
            type: 'remark',
            text: `A further call of ${event.name} was left out: one at a time was asked for.`,
          });
        break;
      case 'tool-call-delta':
      case 'tool-call-end':
        if (event.id === first) yield event;
        break;
      default:
        yield event;
    }
  }
}
