import { unattached } from '../core/unattached.ts';
import { lengthOfWireText, type WireText, wireTextOf } from '../core/wire-text.ts';
import { foldBase64 } from './base64-runs.ts';
import { GatheredWire } from './gathered-wire.ts';
import type { KeptText } from './record.ts';
import type { Redactor } from './redaction.ts';

/** What a redaction pattern may need to see beyond the limit to recognise what begins before it. */
const margin = 8_192;

/**
 * Text of unknown length, of which the first `limit` characters are kept, none if it is 0. Pieces are gathered as they come, at
 * no cost, a large first one included; the redaction is done once, when the text is first read, so that a secret torn over two
 * pieces is still seen whole.
 */
export class BoundedText {
  readonly #limit: number;
  #text = new GatheredWire();
  /** A first piece that is yet to be made to fit. */
  #oversized: string | undefined;
  /** Characters that were kept, as they went over the wire. */
  #kept = 0;
  #total = 0;
  #pieces = 0;
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
    return this.#text.weight + (this.#oversized?.length ?? 0) + (this.#read?.text.length ?? 0);
  }

  append(piece: WireText): void {
    const length = lengthOfWireText(piece);
    this.#total += length;
    if (this.#sealed || this.#cut) return;
    this.#pieces++;
    this.#read = undefined;
    // A request's body is one piece. To make it fit takes time, and the request is still on its way upstream.
    if (this.#kept === 0 && length > this.#room) {
      this.#oversized = wireTextOf(piece);
      this.#kept = length;
      return;
    }
    this.#fitFirst();
    if (length > this.#room) {
      const fitting = this.#fit(wireTextOf(piece));
      this.#keep(fitting, fitting.length);
    } else this.#keep(piece, length);
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
    this.#fitFirst();
    return { text: this.#text.read(), isWhole: !this.#cut };
  }

  /**
   * Ends the text and makes it small, without looking at all of it: it is redacted when somebody reads it, and most records are never
   * looked at. Base64 is taken out of what came as one piece, as a request's body does; when the pieces of a stream went out is found
   * by how long it was.
   */
  seal(): void {
    if (this.#sealed) return;
    this.#fitFirst();
    this.#sealed = true;
    this.#read = undefined;
    this.#text.seal();
    if (this.#pieces !== 1) return;
    this.#kept -= this.#text.change((text) => {
      const folded = foldBase64(text);
      return folded === text ? text : unattached(folded);
    });
  }

  get #room(): number {
    return this.#limit + margin - this.#kept;
  }

  #keep(piece: WireText, length: number): void {
    this.#text.append(piece);
    this.#kept += length;
  }

  #drop(): void {
    this.#text = new GatheredWire();
    this.#kept = 0;
  }

  #fitFirst(): void {
    if (this.#oversized === undefined) return;
    const piece = this.#oversized;
    this.#oversized = undefined;
    this.#kept = 0;
    const fitting = this.#fit(piece);
    this.#keep(fitting, fitting.length);
  }

  /** A large piece is mostly images; without them what comes after them may fit. */
  #fit(piece: string): string {
    const folded = foldBase64(piece);
    if (folded.length <= this.#room) return folded;
    this.#cut = true;
    return unattached(folded.slice(0, Math.max(0, this.#room)));
  }

  #redact(redactor: Redactor): KeptText {
    this.#fitFirst();
    const redacted = redactor.text(this.#text.read());
    if (!this.#cut && redacted.length <= this.#limit) return { text: redacted, omitted: 0 };
    // A secret that the cut tore is not recognised any more: what stands next to the cut is not shown.
    const whole = this.#cut ? Math.max(0, redacted.length - margin) : redacted.length;
    const shown = redacted.slice(0, Math.min(this.#limit, whole));
    return { text: unattached(shown), omitted: Math.max(1, this.#total - shown.length) };
  }
}
