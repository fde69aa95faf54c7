import type { FastifyRequest } from 'fastify';
import type { ProxyError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';

/** Puts a failure on the request's record; one that is a defect of ours also into the log, with where it happened. */
export function reportFailure(failure: ProxyError, request: FastifyRequest, logger: Logger): void {
  request.recording?.failed(failure);
  if (failure.kind !== 'internal') return;
  const { cause } = failure;
  logger.error(`${failure.message} ${cause instanceof Error ? (cause.stack ?? '') : ''}`);
}
