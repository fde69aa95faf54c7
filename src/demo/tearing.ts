/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Splits what is sent at arbitrary but reproducible positions, as a network may. */
export class Tearing {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** Pieces of one or more bytes each; characters and line ends are split without mercy. */
  bytes(whole: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    for (let start = 0; start < whole.length; ) {
      const end = Math.min(whole.length, start + this.#size(whole.length));
      pieces.push(whole.subarray(start, end));
      start = end;
    }
    return pieces;
  }

  /** Pieces of one or more characters; a surrogate pair stays whole, because each piece must be valid UTF-8 by itself. */
  text(whole: string): string[] {
    const pieces: string[] = [];
    for (let start = 0; start < whole.length; ) {
      let end = Math.min(whole.length, start + this.#size(whole.length));
      if (end < whole.length && isHighSurrogate(whole.charCodeAt(end - 1))) end++;
      pieces.push(whole.slice(start, end));
      start = end;
    }
    return pieces;
  }

  /** Mostly small, now and then longer; grows with the whole so that megabytes do not become a million pieces. */
  #size(total: number): number {
    const longest = Math.max(64, total / 64);
    return 1 + Math.floor(this.#random() ** 2 * longest);
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
