import Fastify, { type FastifyInstance } from 'fastify';
import { answerClientError } from './answer-client-error.ts';
import { canonicalUrl } from './canonical-url.ts';
import { controlRoutes } from './control/control-routes.ts';
import type { Delivery } from './deliver.ts';
import { closePipelinedAnswers } from './pipelined-answers.ts';
import { answerError, answerErrors, toRequestError } from './plugins/answer-errors.ts';
import { guard } from './plugins/guard.ts';
import { jsonBody } from './plugins/json-body.ts';
import { recorded } from './plugins/recorded.ts';
import { unserved } from './plugins/unserved.ts';
import { RequestRates } from './request-rates.ts';
import { chatCompletionsRoutes } from './routes/chat-completions.ts';
import { discoveryRoutes } from './routes/discovery.ts';
import { healthRoutes } from './routes/health.ts';
import { inspectionRoutes } from './routes/inspection.ts';
import { messagesRoutes } from './routes/messages.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { modelsRoutes } from './routes/models.ts';
import { probeRoutes } from './routes/probes.ts';
import { responsesRoutes } from './routes/responses.ts';

/** Bytes of request headers; agents send long lists of betas, nobody sends more. */
const maxHeaderSize = 64 * 1_024;
/** Milliseconds in which a request's headers must arrive, and in which all of it must. */
const headersTimeout = 60_000;
const requestTimeout = 300_000;
/** Milliseconds. Longer than the connection pools of clients keep an idle connection: the one who closes it first never races. */
const keepAliveTimeout = 75_000;
/** Each takes a descriptor, of which a process has a few thousand. Those beyond are closed as they come. */
const mostConnections = 1_024;
/** Milliseconds after which a stop does not wait any longer for connections that neither ask nor end. */
const lingerMs = 500;

/** Builds the HTTP surface. Listening, and what stands behind it, is the caller's business. */
export function createApp(parts: Omit<Delivery, 'rates'>): FastifyInstance {
  const { services, settings } = parts;
  const delivery = { ...parts, rates: new RequestRates(settings.keys) };
  const app = Fastify({
    bodyLimit: settings.bodyLimit,
    requestTimeout,
    keepAliveTimeout,
    forceCloseConnections: 'idle',
    // While it stops, requests are answered in their own dialect as well.
    return503OnClosing: false,
    http: { maxHeaderSize, headersTimeout },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: maxHeaderSize },
    rewriteUrl: (request) => canonicalUrl(request.url ?? '/'),
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      answerError(toRequestError(error), request, reply, services.logger);
    },
    // Our own schemas decide, and routes have none: fastify need not load a validator and a serializer of its own.
    schemaController: { compilersFactory: { buildValidator: unused, buildSerializer: unused } },
  });
  closePipelinedAnswers(app.server);
  app.server.maxConnections = mostConnections;
  // Node would leave out what comes after the two thousandth, an Origin perhaps. Their size is bounded, and the guard counts them.
  app.server.maxHeadersCount = 0;
  recorded(app, services.recorder, services.logger);
  guard(app, settings);
  unserved(app);
  jsonBody(app, settings.bodyLimit);
  answerErrors(app, services.logger);
  closeStragglers(app, delivery);

  healthRoutes(app, services);
  probeRoutes(app, services);
  modelsRoutes(app, services);
  chatCompletionsRoutes(app, delivery);
  responsesRoutes(app, delivery);
  messagesRoutes(app, delivery);
  discoveryRoutes(app, services);
  inspectionRoutes(app, services);
  if (delivery.control) controlRoutes(app, delivery.control);
  metricsRoutes(app, services, settings);
  return app;
}

function unused(): never {
  throw new Error('A route was given a schema, which this server has no compiler for.');
}

/** A connection that has sent no whole request is not idle to Node, and would hold up the stop for a minute. */
function closeStragglers(app: FastifyInstance, { running }: Delivery): void {
  app.addHook('preClose', async () => {
    void running.idle().then(() => setTimeout(() => app.server.closeAllConnections(), lingerMs).unref());
  });
}
