import { ProxyError } from '../../core/errors.ts';
import { phrase } from '../../core/localizer.ts';

export interface PoolOptions {
  /** Turns that may wait; one more is refused. */
  readonly maxWaiting?: number;
  /** Milliseconds; injectable for tests. */
  readonly now?: () => number;
}

export interface Admission {
  readonly waitedMs: number;
  /** Frees the place; further calls do nothing. */
  readonly release: () => void;
}

/** A place that is waited for. */
export interface Waiting {
  /** Resolves with the place; rejects when it is not waited for any more. */
  readonly admission: Promise<Admission>;
  /** Gives up waiting, for this reason. After the admission it does nothing. */
  readonly leave: (reason: unknown) => void;
}

/** Places for a limited number at a time, given out in the order of asking. */
export class Pool {
  readonly #limit: () => number;
  readonly #maxWaiting: number;
  readonly #now: () => number;
  /** Those who are to be let in, in order; a set, so that leaving the middle costs nothing. */
  readonly #queue = new Set<() => void>();
  #running = 0;

  /** `limit` is read anew each time a place is given; it counts as 1 to 16. */
  constructor(limit: () => number, options: PoolOptions = {}) {
    this.#limit = limit;
    this.#maxWaiting = options.maxWaiting ?? 256;
    this.#now = options.now ?? (() => performance.now());
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** A place, if there is one for who comes now. */
  enterNow(): Admission | undefined {
    if (this.#queue.size > 0 || !this.#hasPlace()) return undefined;
    this.#running++;
    return { waitedMs: 0, release: this.#releaseOnce() };
  }

  /** Waits for a place. Throws `overloaded` when too many wait. */
  wait(): Waiting {
    if (this.#queue.size >= this.#maxWaiting) throw overloaded(this.#running, this.#queue.size);
    const since = this.#now();
    let leave: Waiting['leave'] = () => {};
    const admission = new Promise<Admission>((resolve, reject) => {
      const admit = () =>
        resolve({
          waitedMs: Math.max(0, Math.round(this.#now() - since)),
          release: this.#releaseOnce(),
        });
      leave = (reason) => {
        if (this.#queue.delete(admit)) reject(reason);
      };
      this.#queue.add(admit);
    });
    // A limit that was raised meanwhile lets waiting ones in.
    this.#admit();
    return { admission, leave };
  }

  #hasPlace(): boolean {
    const limit = Math.trunc(this.#limit());
    return this.#running < Math.min(16, Math.max(1, Number.isNaN(limit) ? 1 : limit));
  }

  #admit(): void {
    for (const admit of this.#queue) {
      if (!this.#hasPlace()) return;
      this.#queue.delete(admit);
      this.#running++;
      admit();
    }
  }

  #releaseOnce(): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#running--;
      this.#admit();
    };
  }
}

function overloaded(running: number, waiting: number): ProxyError {
  return new ProxyError(
    'overloaded',
    phrase(
      'Lingma Proxy is busy: {0} requests are running and {1} are waiting. Try again in a moment, or raise max_concurrent.',
      running,
      waiting,
    ),
    { retryAfterSeconds: 5 },
  );
}
