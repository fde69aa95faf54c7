import type { ProxyError } from '../core/errors.ts';
import { type Failure, toFailure } from '../core/failure.ts';

/** What a failed call is answered with, and a failed turn ends with. */
export interface ToldFailure extends Failure {
  readonly retryAfterSeconds?: number;
}

/** A failure as another process of this program is told of it: `turn-json.ts` reads it there. */
export function tellFailure(error: ProxyError): ToldFailure {
  const { retryAfterSeconds } = error.details;
  return { ...toFailure(error), ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}
