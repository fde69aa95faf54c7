import type { ProxyError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Recording } from '../recording/recording.ts';

/** Puts a failure on the request's record; one that is a defect of ours also into the log, with where it happened. */
export function reportFailure(failure: ProxyError, recording: Recording | undefined, logger: Logger): void {
  recording?.failed(failure);
  if (failure.kind !== 'internal') return;
  const { cause } = failure;
  logger.error(`${failure.message} ${cause instanceof Error ? (cause.stack ?? '') : ''}`);
}
