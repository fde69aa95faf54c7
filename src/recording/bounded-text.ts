import { foldBase64 } from './base64-runs.ts';
import type { KeptText } from './record.ts';
import type { Redactor } from './redaction.ts';

/** What a redaction pattern may need to see beyond the limit to recognise what begins before it. */
const margin = 8_192;

/**
 * Text of unknown length, of which the first `limit` characters are kept, none if it is 0. Pieces are gathered as they come, at
 * no cost; the redaction is done once, when the text is first read, so that a secret torn over two pieces is still seen whole.
 */
export class BoundedText {
  readonly #limit: number;
  #pieces: string[] = [];
  #kept = 0;
  #total = 0;
  #cut = false;
  #sealed = false;
  /** What the last reading gave, as long as nothing has come since. */
  #read: KeptText | undefined;

  constructor(limit: number) {
    this.#limit = limit;
    this.#cut = limit === 0;
  }

  /** Characters that were appended, kept or not. */
  get length(): number {
    return this.#total;
  }

  /** Characters held in memory. */
  get weight(): number {
    return this.#kept + (this.#read?.text.length ?? 0);
  }

  append(piece: string): void {
    this.#total += piece.length;
    if (this.#sealed || this.#cut || piece === '') return;
    this.#read = undefined;
    const room = this.#limit + margin - this.#kept;
    const kept = piece.length <= room ? piece : this.#fit(piece, room);
    this.#pieces.push(kept);
    this.#kept += kept.length;
  }

  /** The text so far: redacted, and cut to the limit. */
  read(redactor: Redactor): KeptText {
    if (this.#read === undefined) {
      this.#read = this.#redact(redactor);
      if (this.#sealed) this.#drop();
    }
    return this.#read;
  }

  /** The text as it came, up to a little more than the limit; undefined once it has been redacted. For looking at, not for showing. */
  peek(): { readonly text: string; readonly isWhole: boolean } | undefined {
    if (this.#sealed && this.#read !== undefined) return undefined;
    const text = this.#pieces.join('');
    this.#pieces = text === '' ? [] : [text];
    return { text, isWhole: !this.#cut };
  }

  /** Ends the text and makes it small. It is redacted when somebody reads it: most records are never looked at. */
  seal(): void {
    if (this.#sealed) return;
    this.#sealed = true;
    const text = this.#read === undefined ? this.#pieces.join('') : '';
    this.#drop();
    const folded = foldBase64(text);
    this.#pieces.push(folded === text ? text : unattached(folded));
    this.#kept = folded.length;
  }

  #drop(): void {
    this.#pieces = [];
    this.#kept = 0;
  }

  /** A large piece is mostly images; without them what comes after them may fit. */
  #fit(piece: string, room: number): string {
    const folded = foldBase64(piece);
    if (folded.length <= room) return folded;
    this.#cut = true;
    return unattached(folded.slice(0, Math.max(0, room)));
  }

  #redact(redactor: Redactor): KeptText {
    const redacted = redactor.text(this.#pieces.join(''));
    if (!this.#cut && redacted.length <= this.#limit) return { text: redacted, omitted: 0 };
    // A secret that the cut tore is not recognised any more: what stands next to the cut is not shown.
    const whole = this.#cut ? Math.max(0, redacted.length - margin) : redacted.length;
    const shown = redacted.slice(0, Math.min(this.#limit, whole));
    return { text: unattached(shown), omitted: Math.max(1, this.#total - shown.length) };
  }
}

/** A slice would keep the whole text that it is part of in memory. */
function unattached(slice: string): string {
  return Buffer.from(slice).toString();
}
