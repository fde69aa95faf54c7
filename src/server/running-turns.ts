import { abortError, ProxyError, toProxyError } from '../core/errors.ts';

export interface RunningTurn {
  readonly signal: AbortSignal;
  clientLeft(): void;
  /** Why the turn failed: the reason for which it was aborted, else what was thrown. */
  failure(thrown: unknown): ProxyError;
  end(): void;
}

/** The turns that are being answered now: so that a client that leaves, a time limit, or a stop reaches each of them. */
export class RunningTurns {
  readonly #turns = new Set<AbortController>();
  #onIdle: (() => void) | undefined;

  get count(): number {
    return this.#turns.size;
  }

  /** Begins a turn that may take `timeoutMs`; 0: as long as it likes. */
  begin(timeoutMs: number): RunningTurn {
    const controller = new AbortController();
    this.#turns.add(controller);
    const timer =
      timeoutMs > 0 ? setTimeout(() => controller.abort(timedOut(timeoutMs)), timeoutMs) : undefined;
    let ended = false;
    return {
      signal: controller.signal,
      clientLeft: () => {
        if (!ended)
          controller.abort(
            new ProxyError('cancelled', 'The client closed the connection before the answer was complete.'),
          );
      },
      failure: (thrown) => (controller.signal.aborted ? abortError(controller.signal) : toProxyError(thrown)),
      end: () => {
        ended = true;
        clearTimeout(timer);
        this.#turns.delete(controller);
        if (this.#turns.size === 0) this.#onIdle?.();
      },
    };
  }

  /** Waits up to `graceMs` for the turns to end by themselves, then ends the rest with an error that invites a retry. */
  async drain(graceMs: number): Promise<void> {
    if (this.#turns.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    const timer = setTimeout(() => this.#abortAll(), graceMs);
    await idle;
    clearTimeout(timer);
  }

  #abortAll(): void {
    for (const turn of this.#turns) {
      turn.abort(
        new ProxyError(
          'overloaded',
          'Lingma Proxy is shutting down. Send the request again once it is back.',
          {
            retryAfterSeconds: 2,
          },
        ),
      );
    }
  }
}

function timedOut(timeoutMs: number): ProxyError {
  return new ProxyError(
    'timeout',
    `The answer took longer than the ${timeoutMs / 1_000} seconds that the "timeout" setting of Lingma Proxy allows. Raise it, or set it to 0 for no limit.`,
  );
}
