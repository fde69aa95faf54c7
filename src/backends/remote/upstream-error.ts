import { type ErrorDetails, ProxyError } from '../../core/errors.ts';
import { isRecord, tryParseJson } from '../../core/json.ts';
import { type Phrase, type PhraseValue, phrase } from '../../core/localizer.ts';
import { type BaseUrl, type Login, sourceName } from '../../core/login.ts';

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
      phrase(
        'Upstream does not allow this request (403){0}. Check in the IDE that this account may use the model{1}.',
        said,
        hint,
      ),
      details,
    );
  }
  if (status === 404 || failure.text.includes('NoSuchKey')) return notFound(failure, context, details);
  if (status === 429) {
    return new ProxyError(
      'rate-limited',
      phrase(
        'Upstream limits how often this account may ask (429){0}. Wait a moment, then send the request again.',
        said,
      ),
      retryable(5),
    );
  }
  if (status === 408) {
    return new ProxyError(
      'timeout',
      phrase('Upstream gave up waiting (408){0}. Send the request again.', said),
      retryable(1),
    );
  }
  if (status >= 500) {
    return new ProxyError(
      'upstream-unavailable',
      phrase(
        'Upstream failed ({0}){1}. Send the request again in a moment, or use another model.',
        status,
        said,
      ),
      retryable(2),
    );
  }
  if (status >= 300 && status < 400) {
    return new ProxyError(
      'upstream-unavailable',
      [
        phrase(
          'Upstream redirects elsewhere ({0}), which is not followed because the login would go along.',
          status,
        ),
        ...baseUrlAdvice(context),
      ],
      details,
    );
  }
  return refusedRequest(failure, said, details);
}

/** The marker of an object store that was asked instead of the API: documented for a wrong base URL. */
export function saysNoSuchKey(text: string): boolean {
  return text.includes('NoSuchKey');
}

function refusedLogin(failure: UpstreamFailure, { login }: ErrorContext, said: PhraseValue): Phrase {
  const hasExpired = login.expiresAt !== undefined && login.expiresAt < Date.now();
  return phrase(
    'Upstream refused the login from {0}{1} (401){2}. Sign in again in the IDE (Lingma or QoderCN), then send the request again{3}.',
    login.source,
    hasExpired ? phrase(', which has expired') : '',
    said,
    clockHint(failure),
  );
}

function clockHint({ clockSkewSeconds = 0 }: UpstreamFailure): PhraseValue {
  if (Math.abs(clockSkewSeconds) < suspiciousSkewSeconds) return '';
  const minutes = Math.round(Math.abs(clockSkewSeconds) / 60);
  return clockSkewSeconds > 0
    ? phrase("; also set this computer's clock, which is {0} minutes ahead", minutes)
    : phrase("; also set this computer's clock, which is {0} minutes behind", minutes);
}

function notFound(failure: UpstreamFailure, context: ErrorContext, details: ErrorDetails): ProxyError {
  if (failure.where === 'envelope' && !saysNoSuchKey(failure.text)) {
    return new ProxyError(
      'model-not-found',
      phrase(
        'Upstream does not know the model "{0}" ({1}){2}. Ask for one that the model list names.',
        context.model ?? '',
        failure.status,
        quoteUpstream(failure.text, context.login),
      ),
      details,
    );
  }
  return new ProxyError(
    'misconfigured',
    [
      phrase('There is no Lingma API at {0}, so the base URL is probably wrong.', context.baseUrl.url),
      ...baseUrlAdvice(context),
    ],
    details,
  );
}

function baseUrlAdvice({ baseUrl }: ErrorContext): Phrase[] {
  return [
    phrase('The base URL {0} comes from: {1}.', baseUrl.url, sourceName(baseUrl.source)),
    phrase('Set the remote base URL to the right one.'),
  ];
}

function refusedRequest(failure: UpstreamFailure, said: PhraseValue, details: ErrorDetails): ProxyError {
  const code = structuredCode(failure.text);
  if (code === 'context_length_exceeded') {
    return new ProxyError(
      'context-length-exceeded',
      phrase('The conversation is longer than the model can read{0}. Shorten or compact it.', said),
      details,
    );
  }
  if (failure.status === 413) {
    return new ProxyError(
      'request-too-large',
      phrase('Upstream refuses a request of this size (413){0}. Shorten or compact the conversation.', said),
      details,
    );
  }
  return new ProxyError(
    'invalid-request',
    phrase(
      'Upstream refused the request ({0}){1}. Sending it again unchanged will not help.',
      failure.status,
      said,
    ),
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
function quoteUpstream(text: string, login: Login): PhraseValue {
  const secrets = [login.cosyKey, login.encryptUserInfo, login.userId, login.machineId];
  let clean = messageIn(text);
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '[redacted]');
  clean = clean
    .replace(/COSY\.\S+/g, '[redacted]')
    .replace(/\s+/g, ' ')
    .trim();
  if (clean === '') return '';
  return phrase(': "{0}"', clean.length > mostTextShown ? `${clean.slice(0, mostTextShown)}…` : clean);
}

/** The message of a JSON error body, else the text itself. */
function messageIn(text: string): string {
  const body = tryParseJson(text);
  if (!isRecord(body)) return text;
  const inner = isRecord(body['error']) ? body['error'] : body;
  const message = inner['message'] ?? inner['errorMessage'] ?? inner['msg'];
  return typeof message === 'string' ? message : text;
}
