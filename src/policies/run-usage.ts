import type { TurnEnd, TurnStart, Usage } from '../core/events.ts';
import { estimateTextTokens } from '../core/tokens.ts';

/**
 * Adds up what the upstream runs behind one answer cost. A run that was cut short never reported its usage, so it is
 * estimated from its input and from what it wrote; one estimate makes the whole sum one.
 */
export class RunUsage {
  #source: Usage['source'] = 'upstream';
  #inputTokens = 0;
  #outputTokens = 0;
  #cachedInputTokens: number | undefined;
  #reasoningTokens: number | undefined;

  addEnd(end: TurnEnd): void {
    const { usage } = end;
    if (usage.source === 'estimate') this.#source = 'estimate';
    this.#inputTokens += usage.inputTokens;
    this.#outputTokens += usage.outputTokens;
    if (usage.cachedInputTokens !== undefined) {
      this.#cachedInputTokens = (this.#cachedInputTokens ?? 0) + usage.cachedInputTokens;
    }
    if (usage.reasoningTokens !== undefined) {
      this.#reasoningTokens = (this.#reasoningTokens ?? 0) + usage.reasoningTokens;
    }
  }

  addCutShort(start: TurnStart | undefined, written: string): void {
    this.#source = 'estimate';
    this.#inputTokens += start?.inputTokens ?? 0;
    this.#outputTokens += estimateTextTokens(written);
  }

  sum(): Usage {
    return {
      source: this.#source,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      ...(this.#cachedInputTokens === undefined ? {} : { cachedInputTokens: this.#cachedInputTokens }),
      ...(this.#reasoningTokens === undefined ? {} : { reasoningTokens: this.#reasoningTokens }),
    };
  }
}
