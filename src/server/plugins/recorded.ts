import type { FastifyInstance, FastifyReply } from 'fastify';
import { clientLeft } from '../../core/errors.ts';
import type { LogFields, Logger } from '../../core/logger.ts';
import { outcomeLine } from '../../recording/outcome-line.ts';
import type { Recorder } from '../../recording/recorder.ts';
import type { Recording } from '../../recording/recording.ts';
import type { RequestSummary } from '../../shared/requests.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined for calls that are not recorded: inspection and liveness. */
    recording: Recording | undefined;
  }
}

/** What web servers log for a client that left before it was answered. */
const clientLeftStatus = 499;

/** Keeps a record of each request from its arrival to the end of its answer, and writes one log line for it. */
export function recorded(app: FastifyInstance, recorder: Recorder, logger: Logger): void {
  app.decorateRequest('recording', undefined);

  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.access !== undefined) return done();
    const { method, originalUrl, headers } = request;
    const recording = recorder.begin({ method, path: originalUrl, headers });
    request.recording = recording;
    reply.header('x-request-id', recording.id).header('request-id', recording.id);
    reply.raw.once('close', () => finish(recording, reply, logger));
    done();
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload === 'string' && !reply.raw.destroyed) request.recording?.clientData(payload);
    done();
  });
}

function finish(recording: Recording, reply: FastifyReply, logger: Logger): void {
  const { raw } = reply;
  if (!raw.writableFinished) {
    recording.failed(clientLeft());
  }
  recording.clientStatus(raw.headersSent ? raw.statusCode : clientLeftStatus, reply.getHeaders());
  recording.finish();
  const summary = recording.toSummary();
  logger.info({
    message: () => `${summary.id} ${summary.method} ${summary.path.slice(0, 200)} → ${outcomeLine(summary)}`,
    fields: () => fieldsOf(summary),
  });
}

function fieldsOf({ id, time: _, error, ...summary }: RequestSummary): LogFields {
  return { request: id, ...summary, ...(error && { error: error.kind }) };
}
