import { type Policy, withRun } from '../core/backend.ts';
import { ProxyError } from '../core/errors.ts';
import { phrase } from '../core/localizer.ts';
import { mapEvents } from '../core/map-events.ts';
import type { TokenCounter } from './token-counter.ts';

export interface ContextLimitOptions {
  readonly counter: TokenCounter;
  /** Tokens that a model takes, by its upstream key; undefined when upstream did not say. */
  readonly contextWindow: (model: string) => number | undefined;
}

/** An estimate that no upstream count has confirmed may be off by this much before a request is refused for it. */
const doubt = 1.25;

/**
 * Refuses a conversation that the model cannot take with the error by which clients know to compact it, instead of letting
 * upstream cut it in silence. Learns from the counts that upstream reports.
 */
export function contextLimit({ counter, contextWindow }: ContextLimitOptions): Policy {
  return (inner) =>
    withRun(inner, (turn, context) => {
      const { model } = turn;
      const inputTokens = counter.count(turn, model);
      const limit = contextWindow(model);
      if (limit !== undefined && inputTokens > limit * (counter.knows(model) ? 1 : doubt)) {
        return failing(tooLong(model, inputTokens, limit));
      }
      let isAsked = false;
      return mapEvents(inner.run(turn, context), (event) => {
        if (event.type === 'turn-start') {
          // After a fallback another model counts, by its own rules.
          isAsked = event.model === model;
          return { ...event, inputTokens };
        }
        if (isAsked && event.type === 'turn-end' && event.usage.source === 'upstream') {
          counter.learn(model, inputTokens, event.usage.inputTokens);
        }
        return event;
      });
    });
}

function failing(error: ProxyError): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

function tooLong(model: string, inputTokens: number, limit: number): ProxyError {
  return new ProxyError(
    'context-length-exceeded',
    phrase(
      'The conversation is about {0} tokens long, and {1} takes {2}. Compact or shorten it, or choose a model with a larger context.',
      inputTokens,
      model,
      limit,
    ),
    { extra: { inputTokens, contextWindow: limit } },
  );
}
