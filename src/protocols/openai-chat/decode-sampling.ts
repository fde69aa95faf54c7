import { ProxyError } from '../../core/errors.ts';
import type { Sampling } from '../../core/turn.ts';
import type { ChatRequestBody } from './schema.ts';

/** What a request wants of the decoder. Throws `invalid-request`. */
export function decodeSampling(body: ChatRequestBody): Sampling {
  const maxOutputTokens = decodeMaxTokens(body);
  const stop = (typeof body.stop === 'string' ? [body.stop] : (body.stop ?? [])).filter(
    (text) => text !== '',
  );
  return {
    ...defined('temperature', body.temperature),
    ...defined('topP', body.top_p),
    ...defined('topK', body.top_k),
    ...defined('maxOutputTokens', maxOutputTokens),
    ...defined('seed', body.seed),
    ...defined('presencePenalty', body.presence_penalty),
    ...defined('frequencyPenalty', body.frequency_penalty),
    ...(stop.length > 0 ? { stop } : {}),
  };
}

function defined<Name extends string>(
  name: Name,
  value: number | null | undefined,
): { readonly [Key in Name]?: number } {
  const entry: { [Key in Name]?: number } = {};
  if (typeof value === 'number') entry[name] = value;
  return entry;
}

function decodeMaxTokens(body: ChatRequestBody): number | undefined {
  const param = typeof body.max_completion_tokens === 'number' ? 'max_completion_tokens' : 'max_tokens';
  const tokens = body[param] ?? undefined;
  // Clients of local servers write -1 for "no limit".
  if (tokens === undefined || tokens === -1) return undefined;
  if (tokens >= 1) return tokens;
  throw new ProxyError('invalid-request', `${param} is ${tokens}; at least 1 is needed.`, { param });
}
