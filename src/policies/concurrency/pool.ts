import { abortError, ProxyError, throwIfAborted } from '../../core/errors.ts';
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

/** Places for a limited number at a time, given out in the order of asking. */
export class Pool {
  readonly #limit: () => number;
  readonly #maxWaiting: number;
  readonly #now: () => number;
  /** In order; a set, so that leaving the middle costs nothing. */
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

  /** Waits for a place. Rejects with `overloaded` when too many wait, and when `signal` is aborted before its turn comes. */
  async enter(signal: AbortSignal): Promise<Admission> {
    throwIfAborted(signal);
    const now = this.enterNow();
    if (now) return now;
    if (this.#queue.size >= this.#maxWaiting) throw overloaded(this.#running, this.#queue.size);
    const since = this.#now();
    const admitted = this.#wait(signal);
    // A limit that was raised meanwhile lets waiting ones in.
    this.#admit();
    await admitted;
    return { waitedMs: Math.max(0, Math.round(this.#now() - since)), release: this.#releaseOnce() };
  }

  #hasPlace(): boolean {
    const limit = Math.trunc(this.#limit());
    return this.#running < Math.min(16, Math.max(1, Number.isNaN(limit) ? 1 : limit));
  }

  /** Resolves with the place already counted as taken. */
  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.delete(admit);
        reject(abortError(signal));
      };
      const admit = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.add(admit);
    });
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
