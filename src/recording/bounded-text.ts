import type { Redactor } from './redaction.ts';

/** What a redaction pattern may need to see beyond the limit to recognise what begins before it. */
const margin = 8_192;

/**
 * Text of unknown length, of which the first `limit` characters are kept. Pieces are gathered as they come; the redaction is
 * done once, when the text is first read or sealed, so that a secret torn over two pieces is still seen whole.
 */
export class BoundedText {
  readonly #limit: number;
  #pieces: string[] = [];
  #kept = 0;
  #total = 0;
  #sealed: string | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Characters that were appended, kept or not. */
  get length(): number {
    return this.#total;
  }

  /** Characters held in memory. */
  get weight(): number {
    return this.#sealed?.length ?? this.#kept;
  }

  append(piece: string): void {
    this.#total += piece.length;
    if (this.#kept >= this.#limit + margin || this.#sealed !== undefined) return;
    this.#pieces.push(piece);
    this.#kept += piece.length;
  }

  /** The text so far: redacted, cut to the limit, with a note where it was cut. */
  read(redactor: Redactor): string {
    if (this.#sealed !== undefined) return this.#sealed;
    const redacted = redactor.text(this.#pieces.join(''));
    if (redacted.length <= this.#limit && this.#kept === this.#total) return redacted;
    return `${redacted.slice(0, this.#limit)}… [cut: ${this.#total} characters in all]`;
  }

  /** Ends the text: only the redacted and cut form is kept from here on. */
  seal(redactor: Redactor): void {
    this.#sealed ??= this.read(redactor);
    this.#pieces = [];
  }
}
