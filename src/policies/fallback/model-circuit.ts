interface Failing {
  /** Milliseconds on the clock. */
  readonly until: number;
  readonly probing: boolean;
}

const mostModels = 100;

/** Remembers for a while which models failed, so that no request waits for one that most likely fails again. */
export class ModelCircuit {
  readonly #openMs: number;
  readonly #now: () => number;
  readonly #failing = new Map<string, Failing>();

  constructor(openMs: number, now: () => number) {
    this.#openMs = openMs;
    this.#now = now;
  }

  /** Whether to try this model now. After the pause one request at a time finds out whether it is well again. */
  admits(model: string): boolean {
    const failing = this.#failing.get(model);
    if (!failing) return true;
    if (failing.probing || this.#now() < failing.until) return false;
    this.#failing.set(model, { until: failing.until, probing: true });
    return true;
  }

  failed(model: string): void {
    this.#failing.delete(model);
    this.#failing.set(model, { until: this.#now() + this.#openMs, probing: false });
    for (const oldest of this.#failing.keys()) {
      if (this.#failing.size <= mostModels) break;
      this.#failing.delete(oldest);
    }
  }

  succeeded(model: string): void {
    this.#failing.delete(model);
  }

  /** The try ended without telling anything about the model. */
  undecided(model: string): void {
    const failing = this.#failing.get(model);
    if (failing?.probing) this.#failing.set(model, { until: failing.until, probing: false });
  }
}
