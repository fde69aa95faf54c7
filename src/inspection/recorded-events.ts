import type { TurnEvent } from '../core/events.ts';
import type { AnswerEntry, KeptRequest } from '../recording/record.ts';
import type { RecordedEvent } from '../shared/inspector-calls.ts';
import { type EventBlock, eventBlocks } from './event-blocks.ts';

export interface RecordedEvents {
  readonly events: readonly RecordedEvent[];
  /** Events that are not kept. */
  readonly dropped: number;
}

/**
 * The events of an answer: of a stream those that its client got, one for each block between blank lines, comments and torn ones
 * too; of any other answer those of the backend.
 */
export function recordedEvents(request: KeptRequest): RecordedEvents {
  const { api, stream } = request.toSummary();
  const { responseTimes, answer, answerDropped } = request.readAnswer();
  // VS Code's own chat gets the backend's events as they are.
  if (!stream || api === 'vscode-chat') {
    return { events: answer.flatMap(eventsOf), dropped: answerDropped };
  }
  const body = request.readBody('response') ?? { text: '', omitted: 0 };
  const events = Array.from(eventBlocks(body.text), (block) => ({
    atMs: responseTimes[block.index] ?? responseTimes.at(-1) ?? 0,
    type: typeOf(block),
    data: block.data ?? block.text,
  }));
  // Of what was cut off nobody counted the events; that there were some is sure.
  const cutOff = body.omitted > 0 ? Math.max(1, responseTimes.length - events.length) : 0;
  return { events, dropped: cutOff };
}

/** The backend's events, one for each that there was where that is still known. */
function eventsOf(entry: AnswerEntry): RecordedEvent[] {
  return internalEvents(entry).map(({ atMs, event }) => {
    const { type, ...fields } = event;
    return { atMs, type, data: JSON.stringify(fields) };
  });
}

export function internalEvents(entry: AnswerEntry): { readonly atMs: number; readonly event: TurnEvent }[] {
  if (entry.type === 'event') return [{ atMs: entry.atMs, event: entry.event }];
  const events: { atMs: number; event: TurnEvent }[] = [];
  let start = 0;
  for (let index = 0; index < entry.pieces.length; index += 2) {
    const end = start + (entry.pieces[index + 1] ?? 0);
    events.push({ atMs: entry.pieces[index] ?? 0, event: deltaOf(entry, entry.text.slice(start, end)) });
    start = end;
  }
  return events;
}

function deltaOf(entry: Exclude<AnswerEntry, { type: 'event' }>, text: string): TurnEvent {
  switch (entry.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return { type: entry.type, text };
    case 'tool-call-delta':
      return { type: entry.type, id: entry.id ?? '', input: text };
    default:
      return entry.type satisfies never;
  }
}

function typeOf({ name, data, text }: EventBlock): string {
  if (name !== undefined) return name;
  if (data === undefined) return text.startsWith(':') ? 'comment' : 'redacted';
  if (data === '[DONE]') return data;
  if (data.startsWith('{"error"')) return 'error';
  // Chunks of the Chat dialect have no names of their own: what they bring says most.
  const brings = /"delta":\{"(\w+)"/.exec(data)?.[1];
  if (brings !== undefined) return brings;
  return /"finish_reason":"/.test(data) ? 'finish_reason' : data.includes('"usage":{') ? 'usage' : 'data';
}
