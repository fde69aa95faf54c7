import { createHash, timingSafeEqual } from 'node:crypto';

/** A key that clients may send, and the name that it is known by. */
export interface CallerKey {
  readonly name: string;
  readonly key: string;
  /** Its holder may read the records and the log, which hold everybody's requests. */
  readonly mayInspect: boolean;
  /** 0: no limit. */
  readonly requestsPerMinute: number;
}

/**
 * Tells whose key is presented, in a time that depends neither on how much of a wrong one is right nor on which one is. Undefined
 * when no key is asked for.
 */
export function callerOf(
  keys: readonly CallerKey[],
): ((presented: readonly string[]) => CallerKey | undefined) | undefined {
  if (keys.length === 0) return undefined;
  const known = keys.map((caller) => ({ caller, digest: digestOf(caller.key) }));
  return (presented) => {
    let found: CallerKey | undefined;
    for (const candidate of presented) {
      const digest = digestOf(candidate);
      for (const { caller, digest: expected } of known) {
        if (timingSafeEqual(digest, expected)) found ??= caller;
      }
    }
    return found;
  };
}

/** Tells whether a presented key is the expected one, in a time that does not depend on how much of it is right. */
export function keyRule(expected: string): (presented: string) => boolean {
  const digest = digestOf(expected);
  return (presented) => timingSafeEqual(digestOf(presented), digest);
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
