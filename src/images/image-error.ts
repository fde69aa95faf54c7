import { ProxyError } from '../core/errors.ts';

/** A client's image that cannot be used: always the request's fault, and always says which image and why. */
export function imageError(which: string, why: string, cause?: unknown): ProxyError {
  return new ProxyError('invalid-request', `The image ${which} cannot be used: ${why}`, {
    ...(cause === undefined ? {} : { cause }),
  });
}
