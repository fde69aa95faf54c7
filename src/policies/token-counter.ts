import { estimateTurnTokens } from '../core/tokens.ts';
import type { Turn } from '../core/turn.ts';

/** How much one new observation weighs against the earlier ones. */
const newest = 0.3;
/** Counts beyond this factor of the estimate say more about a cut or cached request than about the tokenizer. */
const plausible = 3;
/** Below this, framing that we do not see dominates the count. */
const fewestTokens = 200;

/**
 * Counts the tokens of requests: an estimate by script, brought closer for each model by the counts that upstream reports.
 * Always an estimate, and to be marked as one.
 */
export class TokenCounter {
  readonly #ratios = new Map<string, number>();

  /** Tokens that this turn is likely to cost as input of this model. */
  count(turn: Turn, model: string): number {
    return Math.ceil(estimateTurnTokens(turn) * (this.#ratios.get(model) ?? 1));
  }

  /** True once upstream's own counts have been seen for this model. */
  knows(model: string): boolean {
    return this.#ratios.has(model);
  }

  /** Takes note of what upstream counted for a turn that was counted as `counted` before. */
  learn(model: string, counted: number, actual: number): void {
    const before = this.#ratios.get(model) ?? 1;
    const estimated = counted / before;
    const ratio = actual / estimated;
    if (estimated < fewestTokens || ratio > plausible || ratio < 1 / plausible) return;
    this.#ratios.set(model, this.#ratios.has(model) ? before * (1 - newest) + ratio * newest : ratio);
  }
}
