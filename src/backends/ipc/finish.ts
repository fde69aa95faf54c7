import { type ErrorKind, ProxyError } from '../../core/errors.ts';
import type { EndReason } from '../../core/events.ts';
import { type Phrase, phrase } from '../../core/localizer.ts';

/** How a turn ended, by its `chat_finish`. */
export type Finish =
  /** `known`: the reason is one whose meaning is established; any other ends the turn as well, but belongs on the record. */
  | { readonly failed: false; readonly reason: EndReason; readonly known: boolean }
  | { readonly failed: true; readonly error: ProxyError };

const plainEnds: readonly string[] = [
  '',
  'success',
  'stop',
  'end_turn',
  'finish',
  'finished',
  'completed',
  'done',
];

/**
 * Reads a `chat_finish`. The facts of the upstream know no list of its reasons: a status of 400 or more is a failure, and so
 * is a reason that speaks of an error, a failure, a cancellation or a time-out; every other reason ends the turn normally.
 * This is the one place where a word decides, because upstream offers nothing else.
 */
export function readFinish(reason: string, status: number | undefined): Finish {
  const words = reason.toLowerCase();
  const failing = /error|fail|cancel|time[d_ -]*out/.test(words);
  if (failing || (status !== undefined && status >= 400))
    return { failed: true, error: failure(reason, status) };
  // The Agent Client Protocol's word for an answer that ran into its limit.
  if (words === 'max_tokens') return { failed: false, reason: 'length', known: true };
  return { failed: false, reason: 'stop', known: plainEnds.includes(words) };
}

function failure(reason: string, status: number | undefined): ProxyError {
  const short = reason.slice(0, 300);
  const kind = status !== undefined && status >= 400 ? kindOfStatus(status) : kindOfReason(reason);
  return new ProxyError(
    kind,
    [
      status === undefined
        ? phrase('The Lingma / QoderCN runtime ended the answer with a failure ({0}).', short)
        : phrase(
            'The Lingma / QoderCN runtime ended the answer with a failure (status {0}{1}).',
            status,
            short === '' ? '' : phrase(', {0}', short),
          ),
      remedy(kind),
    ],
    {
      ...(status === undefined ? {} : { upstreamStatus: status }),
      ...(kind === 'rate-limited' ? { retryAfterSeconds: 10 } : {}),
      ...(kind === 'upstream-unavailable' || kind === 'timeout' ? { retryAfterSeconds: 2 } : {}),
    },
  );
}

function kindOfReason(reason: string): ErrorKind {
  return /time[d_ -]*out/i.test(reason) ? 'timeout' : 'upstream-unavailable';
}

function kindOfStatus(status: number): ErrorKind {
  switch (status) {
    case 401:
      return 'login-required';
    case 402:
    case 403:
      return 'permission-denied';
    case 404:
      return 'model-not-found';
    case 408:
    case 504:
      return 'timeout';
    case 413:
      return 'request-too-large';
    case 429:
      return 'rate-limited';
    default:
      return status < 500 ? 'invalid-request' : 'upstream-unavailable';
  }
}

function remedy(kind: ErrorKind): Phrase {
  switch (kind) {
    case 'login-required':
      return phrase('Sign in again in Lingma / QoderCN.');
    case 'permission-denied':
      return phrase('Check in Lingma / QoderCN that this account may use the model.');
    case 'model-not-found':
      return phrase('Choose another model.');
    case 'request-too-large':
    case 'invalid-request':
      return phrase('The same request will fail again; change it.');
    case 'rate-limited':
      return phrase('Wait a moment and send the request again.');
    default:
      return phrase('Send the request again.');
  }
}
