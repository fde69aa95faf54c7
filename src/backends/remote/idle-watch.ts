/**
 * Calls `onIdle` once when upstream has been silent for too long while somebody waits for it. One timer for a whole stream;
 * a client that reads slowly does not count against upstream.
 */
export class IdleWatch {
  readonly #timer: NodeJS.Timeout | undefined;
  #waiting = false;

  /** `idleMs` 0: never. */
  constructor(idleMs: number, onIdle: () => void) {
    if (idleMs <= 0) return;
    this.#timer = setTimeout(() => {
      if (this.#waiting) onIdle();
    }, idleMs);
  }

  /** The wait for upstream's next bytes begins. */
  begin(): void {
    this.#waiting = true;
    this.#timer?.refresh();
  }

  /** They came. */
  pause(): void {
    this.#waiting = false;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
