import type { TurnEvent } from '../core/events.ts';
import type { AnswerEntry } from './record.ts';
import type { Redactor } from './redaction.ts';

/** What an event weighs besides its text. */
const ownWeight = 64;

type Delta = Exclude<AnswerEntry, { type: 'event' }>;
type OpenRun = Omit<Delta, 'text' | 'pieces'> & { readonly texts: string[]; readonly pieces: number[] };

/**
 * The events of one answer with their times. While they come they are only held; once the answer has ended, neighbouring deltas
 * become one entry.
 */
export class AnswerLog {
  readonly #limit: number;
  #events: TurnEvent[] = [];
  #times: number[] = [];
  #entries: readonly AnswerEntry[] | undefined;
  #weight = 0;
  #dropped = 0;

  /** `limit`: characters, overhead included, beyond which events are only counted. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Events that are not kept. */
  get dropped(): number {
    return this.#dropped;
  }

  get weight(): number {
    return this.#weight;
  }

  add(event: TurnEvent, atMs: number): void {
    if (this.#weight >= this.#limit) {
      this.#dropped++;
      return;
    }
    this.#weight += ownWeight + textOf(event).length;
    this.#events.push(event);
    this.#times.push(atMs);
  }

  /** Ends the log and makes it small. */
  seal(): void {
    if (this.#entries !== undefined) return;
    this.#entries = this.#merged();
    this.#events = [];
    this.#times = [];
    this.#weight = 0;
    for (const entry of this.#entries) {
      this.#weight +=
        entry.type === 'event' ? ownWeight : ownWeight + entry.text.length + 8 * entry.pieces.length;
    }
  }

  /** What there is so far. Deltas are redacted together, so that a secret torn over several of them is seen. */
  read(redactor: Redactor): AnswerEntry[] {
    return (this.#entries ?? this.#merged()).map((entry) => redacted(entry, redactor));
  }

  #merged(): AnswerEntry[] {
    const entries: (AnswerEntry | OpenRun)[] = [];
    let run: OpenRun | undefined;
    for (const [index, event] of this.#events.entries()) {
      const atMs = this.#times[index] ?? 0;
      const next = beginRun(event);
      if (next === undefined) {
        run = undefined;
        entries.push({ type: 'event', atMs, event });
        continue;
      }
      if (run === undefined || run.type !== next.type || run.id !== next.id) {
        run = next;
        entries.push(run);
      }
      const text = textOf(event);
      run.texts.push(text);
      run.pieces.push(atMs, text.length);
    }
    return entries.map(closed);
  }
}

/** Undefined for what is no delta, and for a delta that carries more than its text. */
function beginRun(event: TurnEvent): OpenRun | undefined {
  switch (event.type) {
    case 'text-delta':
      return { type: event.type, texts: [], pieces: [] };
    case 'reasoning-delta':
      return event.signature === undefined ? { type: event.type, texts: [], pieces: [] } : undefined;
    case 'tool-call-delta':
      return { type: event.type, id: event.id, texts: [], pieces: [] };
    case 'turn-start':
    case 'keep-alive':
    case 'tool-call-start':
    case 'tool-call-end':
    case 'turn-end':
      return undefined;
    default:
      return event satisfies never;
  }
}

function closed(entry: AnswerEntry | OpenRun): AnswerEntry {
  if (!('texts' in entry)) return entry;
  const { texts, ...run } = entry;
  return { ...run, text: texts.join('') };
}

function textOf(event: TurnEvent): string {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return event.text;
    case 'tool-call-delta':
      return event.input;
    default:
      return '';
  }
}

function redacted(entry: AnswerEntry, redactor: Redactor): AnswerEntry {
  if (entry.type === 'event') return { ...entry, event: redactedEvent(entry.event, redactor) };
  const text = redactor.text(entry.text);
  if (text === entry.text) return entry;
  // Nobody can tell any more which delta brought what.
  return { ...entry, text, pieces: [entry.pieces[0] ?? 0, text.length] };
}

function redactedEvent(event: TurnEvent, redactor: Redactor): TurnEvent {
  switch (event.type) {
    case 'turn-start':
      return { ...event, model: redactor.text(event.model) };
    case 'reasoning-delta':
      return {
        ...event,
        text: redactor.text(event.text),
        ...(event.signature === undefined ? {} : { signature: redactor.text(event.signature) }),
      };
    case 'tool-call-start':
      return { ...event, id: redactor.text(event.id), name: redactor.text(event.name) };
    case 'turn-end':
      return event.stopSequence === undefined
        ? event
        : { ...event, stopSequence: redactor.text(event.stopSequence) };
    case 'text-delta':
    case 'tool-call-delta':
    case 'tool-call-end':
    case 'keep-alive':
      return event;
    default:
      return event satisfies never;
  }
}
