import { ProxyError } from '../core/errors.ts';
import { type Phrase, type PhraseValue, phrase } from '../core/localizer.ts';

/** A client's image that cannot be used: always the request's fault, and always says which image and why. */
export function imageError(which: PhraseValue, why: Phrase, cause?: unknown): ProxyError {
  return new ProxyError('invalid-request', phrase('The image {0} cannot be used: {1}', which, why), {
    ...(cause === undefined ? {} : { cause }),
  });
}
