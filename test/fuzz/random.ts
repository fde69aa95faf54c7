/** A row of numbers that one seed always brings forth again (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to `most`. */
  upTo(most: number): number {
    return Math.floor(this.fraction() * (most + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Throws when there is nothing to choose from. */
  pick<T>(from: readonly T[]): T {
    const picked = from[this.upTo(from.length - 1)];
    if (picked === undefined) throw new Error('There is nothing to choose from.');
    return picked;
  }
}

/** A seed that tells an input from others, so that whatever is chosen for it is chosen again when it is tried again (FNV-1a). */
export function seedOf(input: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of input) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
