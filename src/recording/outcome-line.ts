import type { RequestSummary } from '../shared/requests.ts';

/** What became of a request, in one line for the log. */
export function outcomeLine(request: RequestSummary): string {
  const { statusCode, state, durationMs, keyName, modelAsked, modelUsed, error } = request;
  const status = statusCode === undefined ? [] : [`${statusCode}`];
  const parts = [[...status, ...(state === 'done' && status.length > 0 ? [] : [state])].join(' ')];
  parts.push(`${Math.round(durationMs)} ms`);
  if (keyName !== undefined) parts.push(`key ${keyName}`);
  if (modelAsked !== undefined) {
    parts.push(`model ${modelAsked || '(none)'}${modelUsed ? ` as ${modelUsed}` : ''}`);
  }
  if (request.inputTokens !== undefined)
    parts.push(`${request.inputTokens} + ${request.outputTokens} tokens`);
  if (error) parts.push(`${error.kind}: ${error.message}`);
  return parts.join(', ');
}
