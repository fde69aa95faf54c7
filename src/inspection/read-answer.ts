import { collect, type TurnResult } from '../core/collect.ts';
import type { TurnEvent } from '../core/events.ts';
import type { AssistantContent } from '../core/turn.ts';
import type { KeptRequest } from '../recording/record.ts';
import type { Redactor } from '../recording/redaction.ts';
import { internalEvents } from './recorded-events.ts';

/** What the backend answered as far as it came; `isComplete`: with its end. */
export interface ReadAnswer extends TurnResult {
  readonly isComplete: boolean;
}

const noEnd: TurnEvent = {
  type: 'turn-end',
  reason: 'stop',
  usage: { source: 'estimate', inputTokens: 0, outputTokens: 0 },
};

/**
 * The answer of a request, put together from the backend's events; undefined when there were none. Redacted once more: together the
 * events may hold what no one of them did.
 */
export async function readAnswer(request: KeptRequest, redactor: Redactor): Promise<ReadAnswer | undefined> {
  const events = request.readAnswer().answer.flatMap((entry) => internalEvents(entry));
  if (events.length === 0) return undefined;
  const isComplete = events.some(({ event }) => event.type === 'turn-end');
  const all = [...events.map(({ event }) => event), noEnd];
  const answer = await collect(inTurn(all));
  return { ...answer, content: answer.content.map((part) => redacted(part, redactor)), isComplete };
}

function redacted(part: AssistantContent, redactor: Redactor): AssistantContent {
  return part.type === 'tool-call'
    ? { ...part, input: redactor.text(part.input) }
    : { ...part, text: redactor.text(part.text) };
}

async function* inTurn(events: readonly TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* events;
}
