import type { TurnEvent } from '../core/events.ts';
import { GatheredText } from './gathered-text.ts';
import type { AnswerEntry } from './record.ts';
import type { Redactor } from './redaction.ts';

/** What an entry weighs besides its text and pieces. */
const ownWeight = 64;
/** What a piece of an entry weighs besides its text. */
const pieceWeight = 16;

type Run = Omit<Exclude<AnswerEntry, { type: 'event' }>, 'text' | 'pieces'> & {
  readonly text: GatheredText;
  readonly pieces: number[];
};
type Entry = Run | Extract<AnswerEntry, { type: 'event' }>;

/** The events of one answer with their times. Neighbouring deltas become one entry as they come. */
export class AnswerLog {
  readonly #limit: number;
  readonly #entries: Entry[] = [];
  /** The entry that a delta of its kind goes on with. */
  #run: Run | undefined;
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

  /** Adds events that came together. */
  add(events: readonly TurnEvent[], atMs: number): void {
    let texts: string[] = [];
    for (const event of events) {
      if (this.#weight >= this.#limit) {
        this.#dropped++;
        continue;
      }
      const run = isDelta(event) ? this.#runOf(event) : undefined;
      if (run !== this.#run) {
        this.#run?.text.append(texts.join(''));
        texts = [];
        this.#run = run;
      }
      if (run === undefined) {
        this.#weight += ownWeight;
        this.#entries.push({ type: 'event', atMs, event });
        continue;
      }
      const piece = textOf(event);
      this.#weight += pieceWeight + piece.length;
      texts.push(piece);
      run.pieces.push(atMs, piece.length);
    }
    this.#run?.text.append(texts.join(''));
  }

  /** Makes what is held small. */
  seal(): void {
    for (const entry of this.#entries) if (entry.type !== 'event') entry.text.seal();
  }

  /** What there is so far. Deltas are redacted together, so that a secret torn over several of them is seen. */
  read(redactor: Redactor): AnswerEntry[] {
    return this.#entries.map((entry) =>
      redacted(entry.type === 'event' ? entry : { ...entry, text: entry.text.read() }, redactor),
    );
  }

  /** Whether some of its text, put together, holds a secret that the redactor was told of. */
  holdsKnownSecret(redactor: Redactor): boolean {
    return this.#entries.some((entry) => entry.type !== 'event' && redactor.knows(entry.text.read()));
  }

  #runOf(event: TurnEvent & { readonly type: Run['type'] }): Run {
    const id = event.type === 'tool-call-delta' ? event.id : undefined;
    if (this.#run?.type === event.type && this.#run.id === id) return this.#run;
    const run = {
      type: event.type,
      ...(id === undefined ? {} : { id }),
      text: new GatheredText(),
      pieces: [],
    };
    this.#weight += ownWeight;
    this.#entries.push(run);
    return run;
  }
}

/** Not so a thought that carries more than its text. */
function isDelta(event: TurnEvent): event is TurnEvent & { readonly type: Run['type'] } {
  switch (event.type) {
    case 'text-delta':
    case 'tool-call-delta':
      return true;
    case 'reasoning-delta':
      return event.signature === undefined;
    case 'turn-start':
    case 'keep-alive':
    case 'tool-call-start':
    case 'tool-call-end':
    case 'turn-end':
      return false;
    default:
      return event satisfies never;
  }
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
