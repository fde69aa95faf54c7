import * as z from 'zod';
import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { RequestBody } from './schema.ts';

/** Fields that do what they say, or are only repeated in the answer as they should be. */
const honouredFields: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'stream',
  'store',
  'previous_response_id',
  'prompt_cache_key',
  'client_metadata',
  'metadata',
  'safety_identifier',
  'user',
  'include',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'max_output_tokens',
  'temperature',
  'top_p',
  'reasoning',
  'text',
]);

/** Throws `unsupported-feature` for fields whose silent loss would change what the request means. */
export function refuseUnsupported(body: RequestBody): void {
  if (body.background) {
    throw unsupported('background', 'Responses cannot run in the background. Use stream instead.');
  }
  if (body.conversation !== undefined && body.conversation !== null) {
    throw unsupported(
      'conversation',
      'This proxy keeps no conversations. Use previous_response_id, or send the whole conversation as input.',
    );
  }
  if (body.prompt !== undefined && body.prompt !== null) {
    throw unsupported('prompt', 'Prompt templates are kept at OpenAI. Send the text itself as instructions.');
  }
  if (body.prompt_cache_options?.prewarm) {
    throw unsupported('prompt_cache_options.prewarm', 'Lingma has no prompt cache to prepare.');
  }
  if (body.top_logprobs) {
    throw unsupported('top_logprobs', 'Lingma does not tell log probabilities.');
  }
  if (body.include?.includes('message.output_text.logprobs')) {
    throw unsupported('include', 'Lingma does not tell log probabilities (message.output_text.logprobs).');
  }
}

/** The fields that are accepted and have no effect, unknown ones included. */
export function listIgnoredFields(value: unknown, body: RequestBody): string[] {
  const ignored: string[] = [];
  for (const [field, content] of Object.entries(parseWith(z.record(z.string(), z.unknown()), value))) {
    if (honouredFields.has(field) || content === null || content === undefined) continue;
    if (isDefault(field, content)) continue;
    ignored.push(field);
  }
  if (body.text?.verbosity) ignored.push('text.verbosity');
  for (const [index, name] of (body.include ?? []).entries()) {
    if (name !== 'reasoning.encrypted_content') ignored.push(`include[${index}] (${name.slice(0, 64)})`);
  }
  return ignored;
}

/** True for what the proxy does anyway. */
function isDefault(field: string, content: unknown): boolean {
  switch (field) {
    case 'truncation':
      return content === 'disabled';
    case 'service_tier':
      return content === 'auto' || content === 'default';
    case 'background':
      return content === false;
    case 'top_logprobs':
      return content === 0;
    default:
      return false;
  }
}

function unsupported(param: string, message: string): ProxyError {
  return new ProxyError('unsupported-feature', message, { param });
}
