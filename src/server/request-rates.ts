import { ProxyError } from '../core/errors.ts';
import type { CallerKey } from './caller-keys.ts';

interface Allowance {
  readonly perMinute: number;
  left: number;
  /** Milliseconds. */
  refilledAt: number;
}

/**
 * Holds each caller to its requests per minute. An allowance fills up steadily, so that after a pause as many as a minute's may come
 * at once.
 */
export class RequestRates {
  readonly #allowances = new Map<string, Allowance>();
  readonly #now: () => number;

  /** `now` in milliseconds; injectable for tests. */
  constructor(callers: readonly CallerKey[], now: () => number = () => performance.now()) {
    this.#now = now;
    for (const { name, requestsPerMinute: perMinute } of callers) {
      if (perMinute > 0) this.#allowances.set(name, { perMinute, left: perMinute, refilledAt: now() });
    }
  }

  /** Counts one request. Throws `rate-limited` with the time to wait when there are no more left. */
  take(caller: string | undefined): void {
    const allowance = caller === undefined ? undefined : this.#allowances.get(caller);
    if (!allowance) return;
    const now = this.#now();
    const perMs = allowance.perMinute / 60_000;
    allowance.left = Math.min(allowance.perMinute, allowance.left + (now - allowance.refilledAt) * perMs);
    allowance.refilledAt = now;
    if (allowance.left < 1) {
      throw new ProxyError(
        'rate-limited',
        `The API key "${caller}" may make ${allowance.perMinute} requests a minute, and has. Wait, or raise its requests_per_minute in the settings of Lingma Proxy.`,
        { retryAfterSeconds: Math.ceil((1 - allowance.left) / perMs / 1_000) },
      );
    }
    allowance.left--;
  }
}
