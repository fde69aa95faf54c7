import type { ErrorKind, ProxyError } from '../../core/errors.ts';
import type { EncodedError } from '../../core/protocol.ts';

interface ErrorShape {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  /** Seconds, for a failure that passes by itself when nobody said how soon. */
  readonly retryAfterSeconds?: number;
}

// `type` and `code` are OpenAI's own words where OpenAI has the case.
const shapes: Readonly<Record<ErrorKind, ErrorShape>> = {
  'invalid-request': { status: 400, type: 'invalid_request_error', code: null },
  'unsupported-feature': { status: 400, type: 'invalid_request_error', code: 'unsupported_parameter' },
  'context-length-exceeded': { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  'api-key-required': { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
  'login-required': { status: 401, type: 'authentication_error', code: 'login_required' },
  misconfigured: { status: 400, type: 'invalid_request_error', code: 'misconfigured' },
  'permission-denied': { status: 403, type: 'permission_error', code: 'permission_denied' },
  forbidden: { status: 403, type: 'permission_error', code: 'forbidden' },
  'model-not-found': { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  'not-found': { status: 404, type: 'invalid_request_error', code: 'not_found' },
  'method-not-allowed': { status: 405, type: 'invalid_request_error', code: 'method_not_allowed' },
  'request-too-large': { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  'unsupported-media-type': { status: 415, type: 'invalid_request_error', code: 'unsupported_media_type' },
  'upgrade-required': { status: 426, type: 'invalid_request_error', code: 'upgrade_required' },
  'rate-limited': {
    status: 429,
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    retryAfterSeconds: 10,
  },
  overloaded: { status: 503, type: 'server_error', code: 'overloaded', retryAfterSeconds: 2 },
  'runtime-unavailable': {
    status: 503,
    type: 'server_error',
    code: 'runtime_unavailable',
    retryAfterSeconds: 5,
  },
  'upstream-unavailable': {
    status: 503,
    type: 'server_error',
    code: 'upstream_unavailable',
    retryAfterSeconds: 2,
  },
  'upstream-protocol': { status: 502, type: 'server_error', code: 'upstream_protocol_error' },
  timeout: { status: 504, type: 'server_error', code: 'timeout' },
  cancelled: { status: 499, type: 'server_error', code: 'cancelled' },
  internal: { status: 500, type: 'server_error', code: 'internal_error' },
};

/**
 * An error as `{error: {message, type, param, code}}` with its status. What passes by itself (429, 503) always carries
 * `retry-after`, in whole seconds.
 */
export function encodeError(error: ProxyError): EncodedError {
  const shape = shapes[error.kind];
  const { code, param, extra, retryAfterSeconds } = error.details;
  return {
    status: shape.status,
    headers: encodeHeaders(shape, retryAfterSeconds ?? shape.retryAfterSeconds),
    body: {
      error: {
        ...extra,
        message: error.message,
        type: shape.type,
        param: param ?? null,
        code: code ?? shape.code,
      },
    },
  };
}

function encodeHeaders(shape: ErrorShape, retryAfterSeconds: number | undefined): Record<string, string> {
  return {
    ...(shape.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(retryAfterSeconds === undefined
      ? {}
      : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
  };
}
