/** Times in which a proxy or the runtime is restarted: what runs then may fail, properly. */
export class Disturbances {
  readonly #spans: { readonly who: string; readonly from: number; to: number }[] = [];

  /** Milliseconds that an effect may last beyond the restart itself. */
  static readonly aftermathMs = 3_000;

  async during(who: string, change: () => Promise<unknown>): Promise<void> {
    const span = { who, from: performance.now(), to: Number.POSITIVE_INFINITY };
    this.#spans.push(span);
    try {
      await change();
    } finally {
      span.to = performance.now() + Disturbances.aftermathMs;
    }
  }

  /** Whether something that took place from `from` until now could have felt any of them. */
  touched(from: number, ...who: readonly string[]): boolean {
    return this.#spans.some((span) => who.includes(span.who) && span.to >= from);
  }
}
