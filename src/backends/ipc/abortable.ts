import { abortError, type ProxyError } from '../../core/errors.ts';

/** What `promise` gives, or the signal's error as soon as it is aborted; the promise itself goes on unobserved. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortError(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** A signal that also aborts after a time. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Stops the clock and detaches from the outer signal. */
  clear(): void;
}

/** Aborts with `error()` after `milliseconds`, or with the outer signal's reason before. */
export function startDeadline(milliseconds: number, error: () => ProxyError, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(error()), milliseconds);
  const onOuterAbort = () => controller.abort(outer?.reason);
  if (outer?.aborted) onOuterAbort();
  else outer?.addEventListener('abort', onOuterAbort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuterAbort);
    },
  };
}
