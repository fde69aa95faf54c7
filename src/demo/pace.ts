import { setImmediate as nextTick, setTimeout as sleep } from 'node:timers/promises';

/**
 * Holds a stream to a number of chunks a second, measured from its start, so that a late chunk does not delay the rest.
 * Without a rate there are no timers at all.
 */
export class Pace {
  readonly #intervalMs: number;
  readonly #signal: AbortSignal;
  readonly #start = performance.now();
  #count = 0;

  constructor(chunksPerSecond: number | undefined, signal: AbortSignal) {
    this.#intervalMs = chunksPerSecond === undefined ? 0 : 1000 / chunksPerSecond;
    this.#signal = signal;
  }

  get unlimited(): boolean {
    return this.#intervalMs === 0;
  }

  /** Resolves when the next chunk is due, or at once when the signal is aborted. */
  async next(): Promise<void> {
    const wait = this.#start + this.#count++ * this.#intervalMs - performance.now();
    if (wait >= 1) await pause(wait, this.#signal);
  }
}

/** Resolves after `ms`, or at once when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** Resolves only when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Lets sockets deliver what was written before more is. */
export async function breathe(): Promise<void> {
  await nextTick();
}
