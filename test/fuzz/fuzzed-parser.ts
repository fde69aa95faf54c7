import assert from 'node:assert/strict';
import { Random, seedOf } from './random.ts';

/** A parser with what has to hold for every input there is. */
export interface FuzzedParser {
  readonly name: string;
  /** Words of its language, of which mutations are made. */
  readonly dictionary: readonly string[];
  /** Bytes of an input that is made large on purpose, where it is no stranger who writes them. */
  readonly mostBytes?: number;
  /** Throws when something does not hold. The same input always comes to the same. */
  check(input: Buffer): void | Promise<void>;
}

/** Length up to which an input is torn at each place; longer ones are torn at chosen places. */
const tornEverywhere = 96;

/** Ways in which bytes may arrive: whole, each on its own, and torn at one place or several. */
export function* deliveries(input: Buffer): Generator<readonly Buffer[]> {
  for (const cuts of cuttings(input.length, seedOf(input))) {
    yield cuts.slice(1).map((cut, index) => input.subarray(cuts[index], cut));
  }
}

/** As `deliveries`, for readers of text; the pieces may part a surrogate pair. */
export function* textDeliveries(text: string): Generator<readonly string[]> {
  for (const cuts of cuttings(text.length, seedOf(Buffer.from(text)))) {
    yield cuts.slice(1).map((cut, index) => text.slice(cuts[index], cut));
  }
}

/** Places to tear at, the beginning and the end among them, in order. */
function* cuttings(length: number, seed: number): Generator<readonly number[]> {
  yield [0, length];
  if (length <= tornEverywhere) {
    yield Array.from({ length: length + 1 }, (_, index) => index);
    for (let at = 1; at < length; at++) yield [0, at, length];
    return;
  }
  const random = new Random(seed);
  for (const pieces of [2, 7, 40]) {
    const inner = Array.from({ length: pieces - 1 }, () => random.upTo(length));
    yield [0, ...inner, length].sort((one, other) => one - other);
  }
}

/** Fails when the world's prototypes have got a property that they should not have. */
export function assertUnpolluted(): void {
  assert.deepEqual(
    [Object.prototype, Array.prototype, Function.prototype].flatMap((prototype) => Object.keys(prototype)),
    [],
    'A prototype of the language was changed.',
  );
}
