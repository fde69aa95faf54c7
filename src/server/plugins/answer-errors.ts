import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProxyError, toProxyError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { encodeErrorFor } from '../dialect.ts';
import { reportFailure } from '../report-failure.ts';

/** Every error leaves in the dialect of the path that it happened on. */
export function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    // A body that has not been read yet is received and thrown away, so that the connection can stay.
    reply.removeHeader('connection');
    return answerError(toRequestError(error), request, reply, logger);
  });
}

/** Sends an error, and notes it for who looks for it later. */
export function answerError(
  failure: ProxyError,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  reportFailure(failure, request.recording, logger);
  const { status, headers, body } = encodeErrorFor(request, failure);
  return reply.code(status).headers(headers).send(body);
}

/** Errors of fastify itself, such as an unreadable request, are the client's. */
export function toRequestError(error: unknown): ProxyError {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    if (error.statusCode === 413) return new ProxyError('request-too-large', error.message, { cause: error });
    if (error.statusCode === 415) {
      return new ProxyError(
        'unsupported-media-type',
        'The Content-Type header is not valid. Use application/json.',
        {
          cause: error,
        },
      );
    }
    if (error.statusCode < 500) return new ProxyError('invalid-request', error.message, { cause: error });
  }
  return toProxyError(error);
}
