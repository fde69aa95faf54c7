import { type ErrorDetails, ProxyError } from '../../core/errors.ts';
import { isRecord, tryParseJson } from '../../core/json.ts';
import type { BaseUrl, Login } from '../../core/login.ts';

/** Whom and what an upstream error is about, for a message that says what to do. */
export interface ErrorContext {
  readonly login: Login;
  readonly baseUrl: BaseUrl;
  /** The model that was asked for; absent for the model list. */
  readonly model?: string;
}

/** An error as upstream put it: an HTTP answer, or an envelope inside a stream. */
export interface UpstreamFailure {
  readonly status: number;
  /** Its body or status message; shown in part. */
  readonly text: string;
  readonly where: 'http' | 'envelope';
  readonly retryAfterSeconds?: number;
  /** How far this computer's clock is from upstream's. */
  readonly clockSkewSeconds?: number;
}

const mostTextShown = 500;
/** A signature holds the time; beyond this, a wrong clock is the likely reason for a refusal. */
const suspiciousSkewSeconds = 120;

/** The error that a client gets for an upstream failure. */
export function upstreamError(failure: UpstreamFailure, context: ErrorContext): ProxyError {
  const { status } = failure;
  const said = quoteUpstream(failure.text, context.login);
  const details: ErrorDetails = {
    upstreamStatus: status,
    ...(failure.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failure.retryAfterSeconds }),
  };
  const retryable = (seconds: number) => ({ retryAfterSeconds: seconds, ...details });
  if (status === 401) return new ProxyError('login-required', refusedLogin(failure, context, said), details);
  if (status === 403) {
    const hint = clockHint(failure);
    return new ProxyError(
      'permission-denied',
      `Upstream does not allow this request (403)${said}. Check in the IDE that this account may use the model${hint}.`,
      details,
    );
  }
  if (status === 404 || failure.text.includes('NoSuchKey')) return notFound(failure, context, details);
  if (status === 429) {
    return new ProxyError(
      'rate-limited',
      `Upstream limits how often this account may ask (429)${said}. Wait a moment, then send the request again.`,
      retryable(5),
    );
  }
  if (status === 408) {
    return new ProxyError(
      'timeout',
      `Upstream gave up waiting (408)${said}. Send the request again.`,
      retryable(1),
    );
  }
  if (status >= 500) {
    return new ProxyError(
      'upstream-unavailable',
      `Upstream failed (${status})${said}. Send the request again in a moment, or use another model.`,
      retryable(2),
    );
  }
  if (status >= 300 && status < 400) {
    return new ProxyError(
      'upstream-unavailable',
      `Upstream redirects elsewhere (${status}), which is not followed because the login would go along. ${baseUrlAdvice(context)}`,
      details,
    );
  }
  return refusedRequest(failure, said, details);
}

/** The marker of an object store that was asked instead of the API: documented for a wrong base URL. */
export function saysNoSuchKey(text: string): boolean {
  return text.includes('NoSuchKey');
}

function refusedLogin(failure: UpstreamFailure, { login }: ErrorContext, said: string): string {
  const expired = login.expiresAt !== undefined && login.expiresAt < Date.now() ? ', which has expired' : '';
  return `Upstream refused the login from ${login.source}${expired} (401)${said}. Sign in again in the IDE (Lingma or QoderCN), then send the request again${clockHint(failure)}.`;
}

function clockHint({ clockSkewSeconds = 0 }: UpstreamFailure): string {
  if (Math.abs(clockSkewSeconds) < suspiciousSkewSeconds) return '';
  return `; also set this computer's clock, which is ${Math.round(Math.abs(clockSkewSeconds) / 60)} minutes ${clockSkewSeconds > 0 ? 'ahead' : 'behind'}`;
}

function notFound(failure: UpstreamFailure, context: ErrorContext, details: ErrorDetails): ProxyError {
  if (failure.where === 'envelope' && !saysNoSuchKey(failure.text)) {
    return new ProxyError(
      'model-not-found',
      `Upstream does not know the model "${context.model ?? ''}" (${failure.status})${quoteUpstream(failure.text, context.login)}. Ask for one that the model list names.`,
      details,
    );
  }
  return new ProxyError(
    'misconfigured',
    `There is no Lingma API at ${context.baseUrl.url}, so the base URL is probably wrong. ${baseUrlAdvice(context)}`,
    details,
  );
}

function baseUrlAdvice({ baseUrl }: ErrorContext): string {
  return `The base URL ${baseUrl.url} comes from: ${baseUrl.source}. Set the remote base URL to the right one.`;
}

function refusedRequest(failure: UpstreamFailure, said: string, details: ErrorDetails): ProxyError {
  const code = structuredCode(failure.text);
  if (code === 'context_length_exceeded') {
    return new ProxyError(
      'context-length-exceeded',
      `The conversation is longer than the model can read${said}. Shorten or compact it.`,
      details,
    );
  }
  if (failure.status === 413) {
    return new ProxyError(
      'request-too-large',
      `Upstream refuses a request of this size (413)${said}. Shorten or compact the conversation.`,
      details,
    );
  }
  return new ProxyError(
    'invalid-request',
    `Upstream refused the request (${failure.status})${said}. Sending it again unchanged will not help.`,
    code === undefined ? details : { ...details, code },
  );
}

/** The machine-readable code in a JSON error body, at its top or below `error`. */
function structuredCode(text: string): string | undefined {
  const body = tryParseJson(text);
  if (!isRecord(body)) return undefined;
  const inner = isRecord(body['error']) ? body['error'] : body;
  const code = inner['code'];
  return typeof code === 'string' && code !== '' ? code : undefined;
}

/** Upstream's own words, shortened, on one line, without anything of the login that a hostile upstream might echo. */
function quoteUpstream(text: string, login: Login): string {
  const secrets = [login.cosyKey, login.encryptUserInfo, login.userId, login.machineId];
  let clean = messageIn(text);
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '[redacted]');
  clean = clean
    .replace(/COSY\.\S+/g, '[redacted]')
    .replace(/\s+/g, ' ')
    .trim();
  if (clean === '') return '';
  return `: "${clean.length > mostTextShown ? `${clean.slice(0, mostTextShown)}…` : clean}"`;
}

/** The message of a JSON error body, else the text itself. */
function messageIn(text: string): string {
  const body = tryParseJson(text);
  if (!isRecord(body)) return text;
  const inner = isRecord(body['error']) ? body['error'] : body;
  const message = inner['message'] ?? inner['errorMessage'] ?? inner['msg'];
  return typeof message === 'string' ? message : text;
}
