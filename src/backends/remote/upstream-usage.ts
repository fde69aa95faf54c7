import type { Usage } from '../../core/events.ts';
import { isRecord } from '../../core/json.ts';

/**
 * Upstream's own count, under either naming (`prompt_tokens` or `input_tokens`); undefined where it does not say both
 * numbers, or says zero to everything, as placeholders do.
 */
export function readUsage(value: unknown, earlier?: Usage): Usage | undefined {
  if (!isRecord(value)) return undefined;
  const inputTokens = count(value['prompt_tokens']) ?? count(value['input_tokens']);
  const outputTokens = count(value['completion_tokens']) ?? count(value['output_tokens']);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  if (inputTokens === 0 && outputTokens === 0) return undefined;
  const cachedInputTokens =
    detail(value['prompt_tokens_details'] ?? value['input_tokens_details'], 'cached_tokens') ??
    earlier?.cachedInputTokens;
  const reasoningTokens =
    detail(value['completion_tokens_details'] ?? value['output_tokens_details'], 'reasoning_tokens') ??
    earlier?.reasoningTokens;
  return {
    source: 'upstream',
    inputTokens,
    outputTokens,
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
  };
}

function detail(value: unknown, name: string): number | undefined {
  return isRecord(value) ? count(value[name]) : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
}
