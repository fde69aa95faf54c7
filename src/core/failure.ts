import { type ErrorKind, type ProxyError, toProxyError } from './errors.ts';
import { inWords, isChinese, type Localizer, type Phrase, phrase, verbatim } from './localizer.ts';

/** What a person is told of a `ProxyError`: plain JSON, as a class does not survive the way to another process or bundle. */
export interface Failure {
  readonly kind: ErrorKind;
  /** English, as clients of the APIs get it. */
  readonly message: string;
  readonly phrases?: readonly Phrase[];
}

export function toFailure({ kind, message, phrases }: ProxyError): Failure {
  return { kind, message, ...(phrases && { phrases }) };
}

/**
 * A failure in the reader's language. What was written for programs alone is quoted as it is, after the words for its kind: nothing
 * that is known gets lost, and nobody is left with a text in a foreign language only.
 */
export function failureWords({ kind, message, phrases }: Failure, l10n: Localizer): string {
  if (phrases) return inWords(phrases, l10n);
  return isChinese(l10n.language) ? inWords(kindWords[kind](message), l10n) : message;
}

/** Whatever was thrown in the reader's language: a `ProxyError` of this bundle or another, or what says it in words already. */
export function wordsOf(thrown: unknown, l10n: Localizer): string {
  if (isFailure(thrown)) return failureWords(thrown, l10n);
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The phrases of whatever was thrown, to be part of another phrase. */
export function phrasesOf(thrown: unknown): readonly Phrase[] {
  const { message, phrases } = toProxyError(thrown);
  return phrases ?? [verbatim(message)];
}

/** The same failure with every text that it holds as `change` makes it, such as without secrets. */
export function mapTexts({ kind, message, phrases }: Failure, change: (text: string) => string): Failure {
  return { kind, message: change(message), ...(phrases && { phrases: mapPhrases(phrases, change) }) };
}

function mapPhrases(phrases: readonly Phrase[], change: (text: string) => string): Phrase[] {
  return phrases.map(({ message, values }) => ({
    message,
    values: values.map((value) => {
      if (typeof value === 'number') return value;
      return typeof value === 'string' ? change(value) : mapPhrases([value].flat(), change);
    }),
  }));
}

/** Whether a `ProxyError` was thrown, of this bundle or another. */
export function isFailure(thrown: unknown): thrown is Error & Failure {
  return (
    thrown instanceof Error &&
    'kind' in thrown &&
    typeof thrown.kind === 'string' &&
    Object.hasOwn(kindWords, thrown.kind)
  );
}

const kindWords: Readonly<Record<ErrorKind, (message: string) => Phrase>> = {
  'invalid-request': (message) => phrase('The request cannot be answered as it is: {0}', message),
  'unsupported-feature': (message) => phrase('The request asks for what is not supported: {0}', message),
  'context-length-exceeded': (message) => phrase('The conversation is too long for the model: {0}', message),
  'api-key-required': (message) => phrase('The API key is missing or wrong: {0}', message),
  forbidden: (message) => phrase('The request is not allowed: {0}', message),
  'login-required': (message) => phrase('Lingma asks for a new login: {0}', message),
  'permission-denied': (message) => phrase('Lingma does not allow the request: {0}', message),
  misconfigured: (message) => phrase('A setting is wrong: {0}', message),
  'model-not-found': (message) => phrase('There is no such model: {0}', message),
  'not-found': (message) => phrase('There is no such thing: {0}', message),
  'method-not-allowed': (message) => phrase('The request is not possible in this way: {0}', message),
  'request-too-large': (message) => phrase('The request is too large: {0}', message),
  'unsupported-media-type': (message) => phrase('The request has the wrong content type: {0}', message),
  'upgrade-required': (message) => phrase('The request has to be made in another way: {0}', message),
  'rate-limited': (message) => phrase('Too many requests: {0}', message),
  overloaded: (message) => phrase('Lingma Proxy has no room for the request: {0}', message),
  'runtime-unavailable': (message) => phrase('No Lingma / QoderCN runtime answers: {0}', message),
  'upstream-unavailable': (message) => phrase('Lingma does not answer: {0}', message),
  'upstream-protocol': (message) => phrase('Lingma answered something unexpected: {0}', message),
  timeout: (message) => phrase('It took too long: {0}', message),
  cancelled: (message) => phrase('Cancelled: {0}', message),
  internal: (message) => phrase('Lingma Proxy has a defect: {0}', message),
};
