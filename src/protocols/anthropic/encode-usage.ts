import type { Usage } from '../../core/events.ts';

/**
 * `usage` as Messages writes it. `input_tokens` leaves out what came from a cache; null means that upstream did not say;
 * `estimated` is ours, and there only when the numbers are not upstream's.
 */
export function encodeUsage(usage: Usage): object {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage;
  return {
    input_tokens: Math.max(0, inputTokens - (cachedInputTokens ?? 0)),
    cache_creation_input_tokens: null,
    cache_read_input_tokens: cachedInputTokens ?? null,
    output_tokens: outputTokens,
    ...(reasoningTokens === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoningTokens } }),
    ...(usage.source === 'estimate' ? { estimated: true } : {}),
  };
}
