import { unattached } from '../core/unattached.ts';

/** Strings that are joined at once: those that live on cost the garbage collector more than all else that a chunk takes. */
const mostStrings = 64;
/** Characters. What is longer is most of whatever it was cut out of. */
const longPiece = 65_536;

/** Text that is gathered from pieces and seldom read. */
export class GatheredText {
  /** What is new, and on each level above it what `mostStrings` of the level below were joined to. */
  #levels: string[][] = [];

  append(piece: string): void {
    if (piece === '') return;
    let text = piece;
    for (const level of this.#levels) {
      level.push(text);
      if (level.length < mostStrings) return;
      text = level.join('');
      level.length = 0;
    }
    this.#levels.push([text]);
  }

  /** Makes it one string, apart from the larger ones that its pieces may have been cut out of. */
  seal(): void {
    const isJoined = this.#levels.length > 1 || (this.#levels[0]?.length ?? 0) > 1;
    const text = this.read();
    this.#levels = [[isJoined || text.length > longPiece ? text : unattached(text)]];
  }

  /** All pieces, joined. */
  read(): string {
    return this.#levels
      .map((level) => level.join(''))
      .reverse()
      .join('');
  }

  /** The whole text becomes what `change` makes of it. Returns by how many characters it became shorter. */
  change(change: (text: string) => string): number {
    const text = this.read();
    const changed = change(text);
    this.#levels = [[changed]];
    return text.length - changed.length;
  }
}
