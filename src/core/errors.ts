import { english, inWords, type Phrase, phrase } from './localizer.ts';

/** Every way in which a request can fail. Each dialect maps a kind to its own status and body; nobody reads messages. */
export type ErrorKind =
  /** The request is malformed or asks for what cannot be; sending it again cannot help. */
  | 'invalid-request'
  /** A field whose silent loss would change the meaning of the request. */
  | 'unsupported-feature'
  | 'context-length-exceeded'
  /** The client's API key for this proxy is missing or wrong. */
  | 'api-key-required'
  /** Foreign Host or Origin. */
  | 'forbidden'
  /** No login, an unreadable one, or one that upstream refuses: the user has to sign in. */
  | 'login-required'
  /** Upstream knows the user but refuses the request. */
  | 'permission-denied'
  /** A setting of this proxy is wrong, such as the base URL: only a person can cure it. */
  | 'misconfigured'
  | 'model-not-found'
  | 'not-found'
  | 'method-not-allowed'
  | 'request-too-large'
  | 'unsupported-media-type'
  | 'upgrade-required'
  | 'rate-limited'
  /** This proxy has no capacity left, or is shutting down. */
  | 'overloaded'
  /** No IPC runtime of Lingma / QoderCN answers on this computer. */
  | 'runtime-unavailable'
  /** Upstream cannot be reached, broke the connection or answered 5xx. */
  | 'upstream-unavailable'
  /** Upstream answered what this proxy cannot understand, or ended without an end. */
  | 'upstream-protocol'
  | 'timeout'
  /** The client left. */
  | 'cancelled'
  | 'internal';

export interface ErrorDetails {
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** The request field at fault, in the client's own notation, such as `messages[2].content`. */
  readonly param?: string;
  /** The upstream's HTTP status, when there was one. */
  readonly upstreamStatus?: number;
  /** A dialect's own machine-readable code, with what belongs to it. */
  readonly code?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The only error that crosses a module's edge. Its message says what happened, why, and what to do next; it holds no secret. It is
 * English, as clients of the APIs get it; one that a person may read on a screen of ours is made of phrases, see failure.ts.
 */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;
  /** The message once more, for people of any language; undefined where only programs get it. */
  readonly phrases: readonly Phrase[] | undefined;

  constructor(kind: ErrorKind, said: string | Phrase | readonly Phrase[], details: ErrorDetails = {}) {
    const phrases = typeof said === 'string' ? undefined : [said].flat();
    const message = typeof said === 'string' ? said : inWords(said, english);
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.details = details;
    this.phrases = phrases;
  }
}

/** Any thrown value as a `ProxyError`; what is not one already is a defect of ours, so `internal`. */
export function toProxyError(thrown: unknown): ProxyError {
  if (thrown instanceof ProxyError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return clientLeft({ cause: thrown });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new ProxyError(
    'internal',
    phrase('Lingma Proxy failed unexpectedly: {0}. Please report this.', reason),
    { cause: thrown },
  );
}

/** The error for an answer that nobody waits for any more. */
export function clientLeft(details: ErrorDetails = {}): ProxyError {
  return new ProxyError(
    'cancelled',
    phrase('The client closed the connection before the answer was complete.'),
    details,
  );
}

/** Throws the signal's reason as a `ProxyError` when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortError(signal);
}

/** The error for an aborted signal: its own `ProxyError` reason (a timeout, a shutdown), else `cancelled`. */
export function abortError(signal: AbortSignal): ProxyError {
  if (signal.reason instanceof ProxyError) return signal.reason;
  return clientLeft();
}
