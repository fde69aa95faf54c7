import { setTimeout as delay } from 'node:timers/promises';
import { abortError, clientLeft, ProxyError, toProxyError } from '../core/errors.ts';
import { phrase } from '../core/localizer.ts';

export interface RunningTurn {
  readonly signal: AbortSignal;
  clientLeft(): void;
  /** Why the turn failed: the reason for which it was aborted, else what was thrown. */
  failure(thrown: unknown): ProxyError;
  /** The turn can no longer be aborted; it counts as running until `settled` is. */
  end(settled?: Promise<unknown>): void;
}

/** The longest time that a timer can take, about 25 days. */
const longestTimer = 2 ** 31 - 1;
/** Milliseconds that an aborted turn has to tell its client so. */
const lastWordsMs = 1_000;

/** The turns that are being answered now: so that a client that leaves, a time limit, or a stop reaches each of them. */
export class RunningTurns {
  readonly #turns = new Set<AbortController>();
  #draining = false;
  #onIdle: (() => void)[] = [];

  get count(): number {
    return this.#turns.size;
  }

  /** Begins a turn that may take `timeoutMs`; 0: as long as it likes. Throws `overloaded` once the proxy stops. */
  begin(timeoutMs: number): RunningTurn {
    if (this.#draining) throw shuttingDown();
    const controller = new AbortController();
    this.#turns.add(controller);
    const timer =
      timeoutMs > 0
        ? setTimeout(() => controller.abort(timedOut(timeoutMs)), Math.min(timeoutMs, longestTimer))
        : undefined;
    let ended = false;
    const abort = (reason: ProxyError) => {
      if (!ended) controller.abort(reason);
    };
    return {
      signal: controller.signal,
      clientLeft: () => abort(clientLeft()),
      failure: (thrown) => (controller.signal.aborted ? abortError(controller.signal) : toProxyError(thrown)),
      end: (settled) => {
        ended = true;
        clearTimeout(timer);
        void Promise.resolve(settled).finally(() => this.#remove(controller));
      },
    };
  }

  /**
   * Lets no new turn begin, and waits up to `graceMs` for those that run to end by themselves; the rest is ended with an error
   * that invites a retry. Takes at most a second longer than `graceMs`.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    if (await this.#isIdleWithin(graceMs)) return;
    for (const turn of this.#turns) turn.abort(shuttingDown());
    // Who does not even heed that is not waited for.
    if (!(await this.#isIdleWithin(lastWordsMs))) for (const turn of this.#turns) this.#remove(turn);
  }

  /** Resolves when no turn runs. */
  async idle(): Promise<void> {
    if (this.#turns.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  async #isIdleWithin(milliseconds: number): Promise<boolean> {
    if (this.#turns.size === 0) return true;
    const timer = new AbortController();
    const late = delay(milliseconds, false, { signal: timer.signal }).catch(() => false);
    const isIdle = await Promise.race([this.idle().then(() => true), late]);
    timer.abort();
    return isIdle;
  }

  #remove(turn: AbortController): void {
    this.#turns.delete(turn);
    if (this.#turns.size > 0) return;
    for (const resolve of this.#onIdle) resolve();
    this.#onIdle = [];
  }
}

function shuttingDown(): ProxyError {
  return new ProxyError(
    'overloaded',
    phrase('Lingma Proxy is shutting down. Send the request again once it is back.'),
    { retryAfterSeconds: 2 },
  );
}

function timedOut(timeoutMs: number): ProxyError {
  return new ProxyError(
    'timeout',
    phrase(
      'The answer took longer than the {0} seconds that the "timeout" setting of Lingma Proxy allows. Raise it, or set it to 0 for no limit.',
      timeoutMs / 1_000,
    ),
  );
}
