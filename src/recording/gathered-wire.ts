import type { AlikeMessages, WireText } from '../core/wire-text.ts';
import { GatheredText } from './gathered-text.ts';

/** What a stretch weighs besides its text. */
const stretchWeight = 128;
/** Between the parts of messages: what stands inside a JSON string has none. */
const separator = '\n';

/** What follows each other on a wire; without a frame it is text as it went over it, else the parts of messages that are alike. */
interface Stretch {
  readonly frame: Pick<AlikeMessages, 'before' | 'after'> | undefined;
  readonly text: GatheredText;
}

/** What went over a wire, gathered: of messages that are alike what differs, and once what does not. */
export class GatheredWire {
  readonly #stretches: Stretch[] = [];
  #weight = 0;

  /** Characters held in memory. */
  get weight(): number {
    return this.#weight;
  }

  append(piece: WireText): void {
    if (typeof piece === 'string') this.#appendPlain(piece);
    else if (piece.parts.length > 0) this.#appendAlike(piece);
  }

  seal(): void {
    for (const { text } of this.#stretches) text.seal();
  }

  /** All of it, as it went over the wire. */
  read(): string {
    return this.#stretches.map(wireTextIn).join('');
  }

  /** The whole text becomes what `change` makes of it, unless messages that are alike are in it. Returns by how much it became shorter. */
  change(change: (text: string) => string): number {
    const [only, more] = this.#stretches;
    if (only === undefined || only.frame !== undefined || more !== undefined) return 0;
    const saved = only.text.change(change);
    this.#weight -= saved;
    return saved;
  }

  #appendPlain(piece: string): void {
    if (piece === '') return;
    const last = this.#stretches.at(-1);
    const { text } = last !== undefined && last.frame === undefined ? last : this.#begin(undefined);
    text.append(piece);
    this.#weight += piece.length;
  }

  #appendAlike(messages: AlikeMessages): void {
    const last = this.#stretches.at(-1);
    const parts = messages.parts.join(separator);
    if (last?.frame !== undefined && isSame(last.frame, messages)) last.text.append(separator + parts);
    else this.#begin(messages).text.append(parts);
    this.#weight += parts.length + separator.length;
  }

  #begin(frame: Stretch['frame']): Stretch {
    const kept = frame && { before: frame.before, after: frame.after };
    const stretch = { frame: kept, text: new GatheredText() };
    this.#stretches.push(stretch);
    if (kept) this.#weight += stretchWeight + kept.before.length + kept.after.length;
    return stretch;
  }
}

function wireTextIn({ frame, text }: Stretch): string {
  if (frame === undefined) return text.read();
  const { before, after } = frame;
  return (
    before +
    text
      .read()
      .split(separator)
      .join(after + before) +
    after
  );
}

function isSame(one: NonNullable<Stretch['frame']>, other: NonNullable<Stretch['frame']>): boolean {
  return one.before === other.before && one.after === other.after;
}
