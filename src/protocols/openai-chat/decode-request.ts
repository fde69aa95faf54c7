import { randomUUID } from 'node:crypto';
import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { DecodedRequest } from '../../core/protocol.ts';
import type { TurnMetadata } from '../../core/turn.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeReasoning } from './decode-reasoning.ts';
import { decodeResponseFormat } from './decode-response-format.ts';
import { decodeSampling } from './decode-sampling.ts';
import { decodeTools } from './decode-tools.ts';
import { type ChatRequestBody, chatRequestSchema } from './schema.ts';

/** A chat request, with what its answer has to echo. */
export interface ChatRequest extends DecodedRequest {
  /** The answer's id, `chatcmpl-…`. */
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  /** The stream ends with a chunk that holds the usage. */
  readonly includeUsage: boolean;
  /** Calls go back as `function_call`, for clients from before `tools`. */
  readonly legacyFunctions: boolean;
}

/**
 * Decodes the body of `POST /v1/chat/completions`. Throws `invalid-request`, and `unsupported-feature` for a field whose
 * silent loss would change what the answer means.
 */
export function decodeRequest(value: unknown): ChatRequest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProxyError('invalid-request', 'The request body must be a JSON object.');
  }
  const body = parseWith(chatRequestSchema, value);
  refuseUnsupported(body);
  const conversation = decodeMessages(body.messages);
  const { tools, toolChoice, legacyFunctions, ignored: ignoredTools } = decodeTools(body);
  const parallelToolCalls = legacyFunctions ? false : body.parallel_tool_calls;
  const reasoning = decodeReasoning(body);
  const responseFormat = decodeResponseFormat(body.response_format);
  const stream = body.stream === true;
  return {
    id: `chatcmpl-${randomUUID().replaceAll('-', '')}`,
    created: Math.floor(Date.now() / 1000),
    stream,
    includeUsage: body.stream_options?.include_usage === true,
    legacyFunctions,
    ignored: [...ignoredFields(value), ...ignoredTools, ...conversation.ignored],
    turn: {
      model: body.model ?? '',
      system: conversation.system,
      messages: conversation.messages,
      tools,
      toolChoice,
      ...(typeof parallelToolCalls === 'boolean' ? { parallelToolCalls } : {}),
      sampling: decodeSampling(body),
      ...(reasoning ? { reasoning } : {}),
      ...(responseFormat ? { responseFormat } : {}),
      delivery: stream ? 'incremental' : 'whole',
      metadata: decodeMetadata(body),
    },
  };
}

/** Every field that is not read is without effect, whether OpenAI knows it or not. */
function ignoredFields(body: object): string[] {
  return Object.entries(body)
    .filter(([name, value]) => value !== null && !Object.hasOwn(chatRequestSchema.shape, name))
    .map(([name]) => name);
}

function refuseUnsupported(body: ChatRequestBody): void {
  const refuse = (param: string, why: string): never => {
    throw new ProxyError('unsupported-feature', `${param} is not supported: ${why}. Leave it out.`, {
      param,
    });
  };
  if ((body.n ?? 1) !== 1) refuse('n', 'Lingma gives one answer to a request, so n can only be 1');
  if (body.logprobs === true) refuse('logprobs', 'Lingma does not report the probabilities of tokens');
  if ((body.top_logprobs ?? 0) > 0) {
    refuse('top_logprobs', 'Lingma does not report the probabilities of tokens');
  }
  if (body.modalities?.some((modality) => modality !== 'text')) {
    refuse('modalities', 'Lingma answers in text only');
  }
}

function decodeMetadata(body: ChatRequestBody): TurnMetadata {
  const userId = body.user ?? body.safety_identifier;
  return {
    // Clients put the id of their conversation there, so that its prompts meet the same cache.
    ...(body.prompt_cache_key ? { sessionId: body.prompt_cache_key } : {}),
    ...(userId ? { userId } : {}),
  };
}
