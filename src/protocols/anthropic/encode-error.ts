import type { ErrorKind, ProxyError } from '../../core/errors.ts';
import type { EncodedError } from '../../core/protocol.ts';

interface ErrorShape {
  readonly status: number;
  readonly type: string;
  /** Seconds until a retry makes sense when the error does not say; null where no retry can help. */
  readonly retryAfter: number | null;
}

/**
 * Never 529 or `overloaded_error`: Claude Code takes those for an overload of Anthropic's own models and soon gives up or
 * switches models, while it goes through its whole patience for a 503.
 */
const shapes: Readonly<Record<ErrorKind, ErrorShape>> = {
  'invalid-request': { status: 400, type: 'invalid_request_error', retryAfter: null },
  'unsupported-feature': { status: 400, type: 'invalid_request_error', retryAfter: null },
  'context-length-exceeded': { status: 400, type: 'invalid_request_error', retryAfter: null },
  'api-key-required': { status: 401, type: 'authentication_error', retryAfter: null },
  'login-required': { status: 401, type: 'authentication_error', retryAfter: null },
  forbidden: { status: 403, type: 'permission_error', retryAfter: null },
  misconfigured: { status: 400, type: 'invalid_request_error', retryAfter: null },
  'permission-denied': { status: 403, type: 'permission_error', retryAfter: null },
  'model-not-found': { status: 404, type: 'not_found_error', retryAfter: null },
  'not-found': { status: 404, type: 'not_found_error', retryAfter: null },
  'method-not-allowed': { status: 405, type: 'invalid_request_error', retryAfter: null },
  'request-too-large': { status: 413, type: 'request_too_large', retryAfter: null },
  'unsupported-media-type': { status: 415, type: 'invalid_request_error', retryAfter: null },
  'upgrade-required': { status: 426, type: 'invalid_request_error', retryAfter: null },
  'rate-limited': { status: 429, type: 'rate_limit_error', retryAfter: 10 },
  cancelled: { status: 499, type: 'api_error', retryAfter: null },
  internal: { status: 500, type: 'api_error', retryAfter: 1 },
  'upstream-protocol': { status: 502, type: 'api_error', retryAfter: 1 },
  overloaded: { status: 503, type: 'api_error', retryAfter: 2 },
  'runtime-unavailable': { status: 503, type: 'api_error', retryAfter: 5 },
  'upstream-unavailable': { status: 503, type: 'api_error', retryAfter: 2 },
  timeout: { status: 504, type: 'timeout_error', retryAfter: 1 },
};

/**
 * An error as `{type: "error", error: {type, message, details?}}` with its status. What a retry may cure carries
 * `retry-after` in whole seconds; the rest `x-should-retry: false`, which Anthropic's SDKs and Claude Code obey.
 */
export function encodeError(error: ProxyError): EncodedError {
  const { status, retryAfter } = shapes[error.kind];
  const seconds = retryAfter === null ? null : (error.details.retryAfterSeconds ?? retryAfter);
  return {
    status,
    headers:
      seconds === null
        ? { 'x-should-retry': 'false' }
        : { 'retry-after': String(Math.max(1, Math.ceil(seconds))) },
    body: encodeErrorBody(error),
  };
}

/** The body of an error, in a response and in a stream alike. */
export function encodeErrorBody(error: ProxyError): object {
  const { code, extra } = error.details;
  return {
    type: 'error',
    error: {
      type: shapes[error.kind].type,
      message: encodeMessage(error),
      ...(code === undefined ? {} : { details: { error_code: code, ...extra } }),
    },
  };
}

/**
 * Claude Code compacts the conversation when it reads "prompt is too long", and knows how much has to go when Anthropic's
 * own sentence gives the numbers (`extra.inputTokens` and `extra.contextWindow`, in tokens). It tells a missing model by
 * "model:".
 */
function encodeMessage(error: ProxyError): string {
  if (error.kind === 'model-not-found') return `model: ${error.message}`;
  if (error.kind !== 'context-length-exceeded') return error.message;
  const { inputTokens, contextWindow } = error.details.extra ?? {};
  if (typeof inputTokens === 'number' && typeof contextWindow === 'number') {
    return `prompt is too long: ${Math.round(inputTokens)} tokens > ${Math.round(contextWindow)} maximum`;
  }
  return `prompt is too long: ${error.message}`;
}
