import type { ProxyError } from '../../core/errors.ts';
import type { EndReason, Usage } from '../../core/events.ts';
import type { OutputItem } from './output-items.ts';
import type { Echo, ResponsesRequest } from './responses-request.ts';
import type { RequestBody } from './schema.ts';

/** How far an answer is. */
export interface Progress {
  readonly model: string;
  readonly output: readonly OutputItem[];
  readonly outcome:
    | { readonly status: 'in_progress' }
    | { readonly status: 'ended'; readonly reason: EndReason; readonly usage: Usage; readonly at: number }
    | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } };
}

/** The settings in force, with OpenAI's defaults where the request names none: clients' types have no room for "not given". */
export function echoRequest(body: RequestBody): Echo {
  return {
    background: false,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: { effort: body.reasoning?.effort ?? null, summary: body.reasoning?.summary ?? null },
    safety_identifier: body.safety_identifier ?? null,
    service_tier: 'default',
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: {
      format: echoFormat(body.text?.format),
      ...(body.text?.verbosity ? { verbosity: body.text.verbosity } : {}),
    },
    tool_choice: body.tool_choice ?? 'auto',
    tools: (body.tools ?? []).map(echoTool),
    top_logprobs: 0,
    top_p: body.top_p ?? 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    truncation: body.truncation ?? 'disabled',
    ...(body.user ? { user: body.user } : {}),
    metadata: body.metadata ?? {},
    access_programs: null,
  };
}

/** What differs from one response object of an answer to the next. */
export function responseHead(
  request: ResponsesRequest,
  progress: Progress,
): Readonly<Record<string, unknown>> {
  const { outcome } = progress;
  const ended = outcome.status === 'ended' ? outcome : undefined;
  const incomplete = ended && incompleteReason(ended.reason);
  return {
    id: request.responseId,
    object: 'response',
    created_at: request.createdAt,
    completed_at: ended && !incomplete ? ended.at : null,
    status: ended ? (incomplete ? 'incomplete' : 'completed') : outcome.status,
    error: outcome.status === 'failed' ? outcome.error : null,
    incomplete_details: incomplete ? { reason: incomplete } : null,
    model: progress.model,
    output: progress.output,
    usage: ended ? encodeUsage(ended.usage) : null,
  };
}

/** Why an answer is not all that it might have been; undefined when it is. */
export function incompleteReason(reason: EndReason): 'max_output_tokens' | 'content_filter' | undefined {
  switch (reason) {
    case 'length':
      return 'max_output_tokens';
    case 'content-filter':
      return 'content_filter';
    case 'stop':
    case 'tool-calls':
      return undefined;
    default:
      return reason satisfies never;
  }
}

/**
 * The error inside a `response.failed`. Codex sends the request again unless the code says that it is of no use, and waits
 * as long as the message of a `rate_limit_exceeded` says.
 */
export function encodeFailure(error: ProxyError): { readonly code: string; readonly message: string } {
  const { message } = error;
  switch (error.kind) {
    case 'context-length-exceeded':
      return { code: 'context_length_exceeded', message };
    case 'rate-limited': {
      const seconds = error.details.retryAfterSeconds;
      return {
        code: 'rate_limit_exceeded',
        message: seconds === undefined ? message : `${message} Please try again in ${seconds}s.`,
      };
    }
    case 'invalid-request':
    case 'unsupported-feature':
    case 'api-key-required':
    case 'forbidden':
    case 'login-required':
    case 'misconfigured':
    case 'permission-denied':
    case 'model-not-found':
    case 'not-found':
    case 'method-not-allowed':
    case 'request-too-large':
    case 'unsupported-media-type':
    case 'upgrade-required':
      return { code: 'invalid_prompt', message };
    case 'overloaded':
    case 'runtime-unavailable':
    case 'upstream-unavailable':
    case 'upstream-protocol':
    case 'timeout':
    case 'cancelled':
    case 'internal':
      return { code: 'server_error', message };
    default:
      return error.kind satisfies never;
  }
}

/** `estimated` is our own word, present when upstream did not count. Details that upstream did not give are 0: they are required. */
function encodeUsage(usage: Usage): Readonly<Record<string, unknown>> {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0, cache_write_tokens: 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
    ...(usage.source === 'estimate' ? { estimated: true } : {}),
  };
}

function echoFormat(format: NonNullable<RequestBody['text']>['format']): Readonly<Record<string, unknown>> {
  if (format?.type !== 'json_schema') return { type: format?.type ?? 'text' };
  return {
    type: 'json_schema',
    name: format.name ?? '',
    description: format.description ?? null,
    schema: format.schema ?? null,
    strict: format.strict ?? false,
  };
}

function echoTool(tool: unknown): unknown {
  const isFunction = typeof tool === 'object' && tool !== null && 'type' in tool && tool.type === 'function';
  return isFunction ? { description: null, parameters: null, strict: null, ...tool } : tool;
}
