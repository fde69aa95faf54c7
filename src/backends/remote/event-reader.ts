import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { ProxyError } from '../../core/errors.ts';
import type { TurnEvent } from '../../core/events.ts';
import { unattached } from '../../core/unattached.ts';
import type { WireText } from '../../core/wire-text.ts';
import { DeltaFrame, type TextDelta } from './delta-frame.ts';
import { PlainLines } from './plain-lines.ts';
import { tooLong, webPage } from './stream-failures.ts';

/** Characters of one event: far above what a model writes at once, far below what would hurt. */
const mostEventCharacters = 4 * 1024 * 1024;
const mostStreamCharacters = 256 * 1024 * 1024;

/** Who makes sense of the events. */
export interface EventListener {
  /** True once nothing more is to be read. */
  isOver(): boolean;
  /** Takes an event's data apart; returns what it says. */
  readData(data: string): readonly TurnEvent[];
  /** Whether events that say nothing but text can still come as that. */
  takesDeltas(): boolean;
  readDeltas(deltas: readonly TextDelta[]): void;
  fail(error: ProxyError): void;
  oddity(text: string): void;
  /** Hears of all that upstream sent, in order. */
  onRead(piece: WireText): void;
}

/**
 * Cuts an answer's body into its events, and reads those that are alike without parsing them. A body that is one document is one event,
 * at its end.
 */
export class EventReader {
  readonly #listener: EventListener;
  readonly #lines = new PlainLines();
  readonly #parser: EventSourceParser;
  readonly #frame = new DeltaFrame();
  /** Undecided until the first character. */
  #form: 'undecided' | 'stream' | 'document' = 'undecided';
  #document = '';
  #characters = 0;
  /** The parser holds nothing: what comes next is an event's beginning. */
  #betweenEvents = true;
  /** What the event said that was parsed last. */
  #said: readonly TurnEvent[] = [];

  constructor(listener: EventListener) {
    this.#listener = listener;
    this.#parser = createParser({
      onEvent: ({ data }) => {
        this.#said = listener.readData(data);
      },
      onError: ({ type, message }) => {
        if (type === 'max-buffer-size-exceeded') listener.fail(tooLong());
        else listener.oddity(`A line of the stream is not a server-sent event: ${message}`);
      },
      maxBufferSize: mostEventCharacters,
    });
  }

  push(piece: string): void {
    const text = this.#listener.isOver() ? '' : this.#lines.push(piece);
    this.#characters += text.length;
    if (this.#form === 'undecided') this.#decideForm(text);
    const isDocument = this.#form === 'document';
    const isTooLong = this.#characters > (isDocument ? mostEventCharacters : mostStreamCharacters);
    if (isTooLong) this.#listener.fail(tooLong());
    else if (isDocument) this.#document += text;
    // What was changed on its way here is told as it came.
    const told = isTooLong || isDocument || text !== piece ? piece.length : 0;
    if (told > 0) this.#listener.onRead(piece);
    if (!isTooLong && !isDocument) this.#readStream(text, told);
  }

  /** The body has ended properly. */
  end(): void {
    // Not every deployment closes its last event with a blank line.
    if (this.#form !== 'document') this.#parser.feed('\n\n');
    else if (this.#document.trimStart().startsWith('<')) this.#listener.fail(webPage());
    else this.#listener.readData(this.#document);
  }

  /** An error may come as one JSON document instead of a stream, and a gateway's as a web page. */
  #decideForm(text: string): void {
    const first = text.trimStart().charAt(0);
    if (first !== '') this.#form = first === '{' || first === '<' ? 'document' : 'stream';
  }

  /** `told`: up to where the listener has heard of it. */
  #readStream(text: string, told: number): void {
    let at = 0;
    while (at < text.length && !this.#listener.isOver()) {
      const alike =
        this.#betweenEvents && this.#listener.takesDeltas() ? this.#frame.read(text, at) : undefined;
      if (alike === undefined) {
        at = this.#parse(text, at);
        continue;
      }
      this.#listener.readDeltas(alike.deltas);
      if (told <= at) {
        if (told < at) this.#listener.onRead(unattached(text.slice(told, at)));
        this.#listener.onRead(alike.messages);
        told = alike.end;
      }
      at = alike.end;
    }
    if (told < text.length) this.#listener.onRead(told === 0 ? text : unattached(text.slice(told)));
  }

  /** One event, or as much as there is of it; all at once when none could spare the parser another. Returns where it ends. */
  #parse(text: string, at: number): number {
    const blankLine = this.#frame.isOfUse ? text.indexOf('\n\n', at) : text.lastIndexOf('\n\n');
    const end = blankLine < at ? text.length : blankLine + 2;
    const event = text.slice(at, end);
    const isWhole = event.endsWith('\n\n');
    this.#said = [];
    this.#parser.feed(isWhole ? event : unattached(event));
    if (this.#betweenEvents) this.#frame.learn(event, this.#said);
    this.#betweenEvents = isWhole;
    return end;
  }
}
