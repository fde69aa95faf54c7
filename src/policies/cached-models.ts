import { abortError, type ErrorKind, ProxyError, throwIfAborted, toProxyError } from '../core/errors.ts';
import { phrase } from '../core/localizer.ts';
import type { Model } from '../core/models.ts';

export interface CachedModelsOptions {
  /** Age in milliseconds from which a list is renewed in the background. */
  readonly maxAgeMs?: number;
  /** How long a failure is remembered instead of asking again, in milliseconds. */
  readonly failureMs?: number;
  /** Bound for one load, in milliseconds. */
  readonly timeoutMs?: number;
  /** Milliseconds; injectable for tests. */
  readonly now?: () => number;
}

/** What a person cures from one moment to the next: the very next request has to see that it is cured. */
const curedByPeople: ReadonlySet<ErrorKind> = new Set(['login-required', 'runtime-unavailable']);

/**
 * The list of models, kept so that no request waits for it twice: an old one is served while a new one is fetched in the
 * background, one fetch at a time, and an upstream that fails is left alone for a moment; a missing login or runtime is looked for
 * anew each time.
 */
export class CachedModels {
  readonly #fetch: (signal: AbortSignal) => Promise<readonly Model[]>;
  readonly #maxAgeMs: number;
  readonly #failureMs: number;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  #models: readonly Model[] | undefined;
  #loadedAt = 0;
  #failure: { readonly error: ProxyError; readonly at: number } | undefined;
  #loading: Promise<readonly Model[]> | undefined;
  #abort = new AbortController();

  constructor(fetch: (signal: AbortSignal) => Promise<readonly Model[]>, options: CachedModelsOptions = {}) {
    this.#fetch = fetch;
    this.#maxAgeMs = options.maxAgeMs ?? 300_000;
    this.#failureMs = options.failureMs ?? 10_000;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#now = options.now ?? Date.now;
  }

  /** The list as far as it is known, without any further effect. */
  known(): readonly Model[] | undefined {
    return this.#models;
  }

  /** The list as far as it is known, at once; an old or missing one is fetched in the background. */
  cached(): readonly Model[] | undefined {
    if (!this.#isFresh() && !this.#failedLately()) this.#start().catch(() => {});
    return this.#models;
  }

  /**
   * The list, waited for when there is none yet. Rejects with the upstream's `ProxyError`, or when `signal` is aborted; the
   * fetch itself goes on for whoever else waits.
   */
  async load(signal: AbortSignal): Promise<readonly Model[]> {
    throwIfAborted(signal);
    const known = this.cached();
    if (known) return known;
    if (this.#failure && this.#failedLately()) throw this.#failure.error;
    return unlessAborted(this.#start(), signal);
  }

  /** A new list, whatever the age of the old one and however lately upstream failed. */
  async refresh(signal: AbortSignal): Promise<readonly Model[]> {
    throwIfAborted(signal);
    return unlessAborted(this.#start(), signal);
  }

  /** Drops everything, for another login or upstream. */
  forget(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#loading = undefined;
    this.#models = undefined;
    this.#failure = undefined;
  }

  #isFresh(): boolean {
    return this.#models !== undefined && this.#now() - this.#loadedAt < this.#maxAgeMs;
  }

  #failedLately(): boolean {
    return this.#failure !== undefined && this.#now() - this.#failure.at < this.#failureMs;
  }

  #start(): Promise<readonly Model[]> {
    if (this.#loading) return this.#loading;
    const { signal } = this.#abort;
    const loading = this.#fetchBounded(signal).then(
      (models) => {
        if (signal.aborted) return models;
        this.#loading = undefined;
        this.#failure = undefined;
        this.#models = models;
        this.#loadedAt = this.#now();
        return models;
      },
      (thrown: unknown) => {
        const error = toProxyError(thrown);
        if (!signal.aborted) {
          this.#loading = undefined;
          this.#failure = curedByPeople.has(error.kind) ? undefined : { error, at: this.#now() };
        }
        throw error;
      },
    );
    this.#loading = loading;
    return loading;
  }

  async #fetchBounded(forgotten: AbortSignal): Promise<readonly Model[]> {
    const abort = new AbortController();
    const stop = () => abort.abort(forgotten.reason);
    forgotten.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(() => abort.abort(tooSlow(this.#timeoutMs)), this.#timeoutMs);
    try {
      return await unlessAborted(this.#fetch(abort.signal), abort.signal);
    } finally {
      clearTimeout(timer);
      forgotten.removeEventListener('abort', stop);
    }
  }
}

function tooSlow(timeoutMs: number): ProxyError {
  const seconds = Math.round(timeoutMs / 1_000);
  return new ProxyError(
    'timeout',
    phrase(
      'The upstream did not send its list of models within {0} s. Check the network or the Lingma runtime and try again.',
      seconds,
    ),
    { retryAfterSeconds: 5 },
  );
}

/** The promise's outcome, or the signal's when that comes first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(abortError(signal));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
