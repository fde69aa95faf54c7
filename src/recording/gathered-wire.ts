import type { AlikeMessages, WireText } from '../core/wire-text.ts';
import { GatheredText } from './gathered-text.ts';

/** What a stretch of parts weighs besides its text, and each of its parts. */
const stretchWeight = 128;
const partWeight = 8;

/** Parts that follow each other in what is gathered; without a frame it is text as it went over the wire. */
interface Stretch {
  readonly frame: Pick<AlikeMessages, 'before' | 'after'> | undefined;
  readonly lengths: number[];
}

/** What went over a wire, gathered: of messages that are alike what differs, and once what does not. */
export class GatheredWire {
  readonly #text = new GatheredText();
  readonly #stretches: Stretch[] = [];
  #weight = 0;

  /** Characters held in memory. */
  get weight(): number {
    return this.#weight;
  }

  append(piece: WireText): void {
    if (typeof piece === 'string') this.#appendPlain(piece);
    else this.#appendAlike(piece);
  }

  seal(): void {
    this.#text.seal();
  }

  /** All of it, as it went over the wire. */
  read(): string {
    const text = this.#text.read();
    if (this.#isPlain) return text;
    const pieces: string[] = [];
    let at = 0;
    for (const { frame, lengths } of this.#stretches) {
      for (const length of lengths) {
        const part = text.slice(at, at + length);
        at += length;
        if (frame === undefined) pieces.push(part);
        else pieces.push(frame.before, part, frame.after);
      }
    }
    return pieces.join('');
  }

  /** The whole text becomes what `change` makes of it, unless messages that are alike are in it. Returns by how much it became shorter. */
  change(change: (text: string) => string): number {
    if (!this.#isPlain) return 0;
    const saved = this.#text.change(change);
    this.#weight -= saved;
    return saved;
  }

  get #isPlain(): boolean {
    return this.#stretches.every(({ frame }) => frame === undefined);
  }

  #appendPlain(piece: string): void {
    if (piece === '') return;
    this.#text.append(piece);
    this.#weight += piece.length;
    const { lengths } = this.#stretchOf(undefined);
    lengths[0] = (lengths[0] ?? 0) + piece.length;
  }

  #appendAlike(messages: AlikeMessages): void {
    const { lengths } = this.#stretchOf(messages);
    const text = messages.parts.join('');
    for (const { length } of messages.parts) lengths.push(length);
    this.#text.append(text);
    this.#weight += text.length + messages.parts.length * partWeight;
  }

  /** The stretch that goes on with messages of this frame. */
  #stretchOf(frame: Stretch['frame']): Stretch {
    const last = this.#stretches.at(-1);
    if (last !== undefined && isSame(last.frame, frame)) return last;
    const kept = frame && { before: frame.before, after: frame.after };
    const stretch = { frame: kept, lengths: [] };
    this.#stretches.push(stretch);
    if (kept) this.#weight += stretchWeight + kept.before.length + kept.after.length;
    return stretch;
  }
}

function isSame(one: Stretch['frame'], other: Stretch['frame']): boolean {
  return one === undefined || other === undefined
    ? one === other
    : one.before === other.before && one.after === other.after;
}
