import type { ErrorKind, ProxyError } from '../../core/errors.ts';
import type { EncodedError } from '../../core/protocol.ts';

interface ErrorForm {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  /** Seconds to wait when the error itself does not say. */
  readonly retryAfterSeconds?: number;
}

const invalid = 'invalid_request_error';

/**
 * Chosen for what Codex does: 4xx but 429 is never sent again; 429 only with `retry-after`; 5xx is, many times. A 503 does
 * not carry the code `server_is_overloaded`, which would make Codex give up at once.
 */
const forms: Readonly<Record<ErrorKind, ErrorForm>> = {
  'invalid-request': { status: 400, type: invalid, code: null },
  'unsupported-feature': { status: 400, type: invalid, code: 'unsupported_parameter' },
  'context-length-exceeded': { status: 400, type: invalid, code: 'context_length_exceeded' },
  'api-key-required': { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
  'login-required': { status: 401, type: 'authentication_error', code: 'login_required' },
  misconfigured: { status: 400, type: invalid, code: 'misconfigured' },
  'permission-denied': { status: 403, type: 'permission_error', code: 'permission_denied' },
  forbidden: { status: 403, type: 'permission_error', code: 'forbidden' },
  'model-not-found': { status: 404, type: invalid, code: 'model_not_found' },
  'not-found': { status: 404, type: invalid, code: 'not_found' },
  'method-not-allowed': { status: 405, type: invalid, code: 'method_not_allowed' },
  'request-too-large': { status: 413, type: invalid, code: 'request_too_large' },
  'unsupported-media-type': { status: 415, type: invalid, code: 'unsupported_media_type' },
  'upgrade-required': { status: 426, type: invalid, code: 'upgrade_required' },
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

/** An error as `{error: {message, type, param, code}}`; 429 and 503 always say in whole seconds when to come back. */
export function encodeError(error: ProxyError): EncodedError {
  const form = forms[error.kind];
  const { code, param, extra, retryAfterSeconds = form.retryAfterSeconds } = error.details;
  return {
    status: form.status,
    headers:
      retryAfterSeconds === undefined
        ? {}
        : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
    body: {
      error: {
        ...extra,
        message: error.message,
        type: form.type,
        param: param ?? null,
        code: code ?? form.code,
      },
    },
  };
}
