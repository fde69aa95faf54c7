import Fastify, { type FastifyInstance, type HTTPMethods } from 'fastify';
import { ProxyError, toProxyError } from '../core/errors.ts';
import type { Delivery } from './deliver.ts';
import { encodeErrorFor } from './dialect.ts';
import { guard } from './plugins/guard.ts';
import { jsonBody } from './plugins/json-body.ts';
import { recorded } from './plugins/recorded.ts';
import { chatCompletionsRoutes } from './routes/chat-completions.ts';
import { discoveryRoutes } from './routes/discovery.ts';
import { healthRoutes } from './routes/health.ts';
import { inspectionRoutes } from './routes/inspection.ts';
import { messagesRoutes } from './routes/messages.ts';
import { modelsRoutes } from './routes/models.ts';
import { responsesRoutes } from './routes/responses.ts';

/** Bytes of request headers; agents send long lists of betas, nobody sends more. */
const maxHeaderSize = 64 * 1_024;
/** Milliseconds in which a request's headers and body must arrive. */
const requestTimeout = 300_000;

/** Builds the HTTP surface. Listening, and what stands behind it, is the caller's business. */
export function createApp(delivery: Delivery): FastifyInstance {
  const { services, settings } = delivery;
  const app = Fastify({
    bodyLimit: settings.bodyLimit,
    requestTimeout,
    forceCloseConnections: 'idle',
    http: { maxHeaderSize },
    routerOptions: { ignoreTrailingSlash: true },
    rewriteUrl: (request) => canonicalUrl(request.url ?? '/'),
    // Our own schemas decide; a second validator must not bend bodies.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  recorded(app, services.recorder, services.logger);
  guard(app, settings);
  jsonBody(app, settings.bodyLimit);
  answerErrors(app, delivery);

  healthRoutes(app, services);
  modelsRoutes(app, services);
  chatCompletionsRoutes(app, delivery);
  responsesRoutes(app, delivery);
  messagesRoutes(app, delivery);
  discoveryRoutes(app, services);
  inspectionRoutes(app, services);
  return app;
}

/** Base URLs are entered with and without `/v1`; both work with every client. */
function canonicalUrl(url: string): string {
  if (url.startsWith('/v1/v1/')) return url.slice(3);
  return /^\/(?:chat\/completions|responses|messages|models)(?:[/?]|$)/.test(url) ? `/v1${url}` : url;
}

/** Every error leaves in the dialect of the path that it happened on. */
function answerErrors(app: FastifyInstance, { services }: Delivery): void {
  app.setErrorHandler((error, request, reply) => {
    const failure = asProxyError(error);
    request.recording?.failed(failure);
    if (failure.kind === 'internal') {
      services.logger.error(
        `${failure.message} ${failure.cause instanceof Error ? (failure.cause.stack ?? '') : ''}`,
      );
    }
    const { status, headers, body } = encodeErrorFor(request, failure);
    if (failure.kind === 'request-too-large') reply.header('connection', 'close');
    return reply.code(status).headers(headers).send(body);
  });

  app.setNotFoundHandler((request) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods: HTTPMethods[] = ['GET', 'POST'];
    const allowed = methods.filter((method) => app.findRoute({ method, url: path }) !== null);
    if (allowed.length > 0) {
      throw new ProxyError(
        'method-not-allowed',
        `${request.method} is not possible on ${path.slice(0, 100)}; use ${allowed.join(' or ')}.`,
      );
    }
    throw new ProxyError(
      'not-found',
      `There is nothing at ${request.method} ${path.slice(0, 100)}. GET /capabilities lists what this proxy serves.`,
    );
  });
}

/** Errors of fastify itself, such as an unreadable request, are the client's. */
function asProxyError(error: unknown): ProxyError {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    if (error.statusCode === 413) return new ProxyError('request-too-large', error.message, { cause: error });
    if (error.statusCode === 415)
      return new ProxyError('unsupported-media-type', error.message, { cause: error });
    if (error.statusCode < 500) return new ProxyError('invalid-request', error.message, { cause: error });
  }
  return toProxyError(error);
}
