/** Lets a test await a state instead of sleeping: everything that changes the simulator's visible state calls `notify`. */
export class Changes {
  readonly #waiting = new Set<() => void>();

  notify(): void {
    for (const check of [...this.#waiting]) check();
  }

  /** Resolves as soon as `predicate` holds; rejects after `timeoutMs` with `what` in the message. */
  until(predicate: () => boolean, what = 'the awaited state', timeoutMs = 10_000): Promise<void> {
    if (predicate()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      const check = () => {
        if (!predicate()) return;
        stop();
        resolve();
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`The simulator did not reach ${what} within ${timeoutMs} ms.`));
      }, timeoutMs);
      this.#waiting.add(check);
    });
  }
}
