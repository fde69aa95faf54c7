import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from '../../core/logger.ts';
import type { Recorder } from '../../recording/recorder.ts';
import type { Recording } from '../../recording/recording.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined for calls that are not recorded: inspection and liveness. */
    recording: Recording | undefined;
  }
}

const unrecorded = /^\/(?:$|\?|health|debug|api\/(?:hello|requests|access-logs|logs)(?:$|\/|\?))/;

/** Keeps a record of each request from its arrival to the end of its answer, and writes one log line for it. */
export function recorded(app: FastifyInstance, recorder: Recorder, logger: Logger): void {
  app.decorateRequest('recording', undefined);

  app.addHook('onRequest', async (request, reply) => {
    if (unrecorded.test(request.url)) return;
    const { method, originalUrl, headers } = request;
    const recording = recorder.begin({ method, path: originalUrl, headers });
    request.recording = recording;
    reply.header('x-request-id', recording.id).header('request-id', recording.id);
    reply.raw.once('close', () => {
      recording.clientStatus(reply.raw.statusCode);
      recording.finish();
      logger.info(accessLine(recording, reply));
    });
  });

  app.addHook('preValidation', async (request) => {
    if (request.bodyText !== '') request.recording?.clientRequest(request.bodyText);
  });

  app.addHook('onSend', async (request, _reply, payload) => {
    if (typeof payload === 'string') request.recording?.clientData(payload);
    return payload;
  });
}

function accessLine(recording: Recording, reply: FastifyReply): string {
  const { method, originalUrl } = reply.request;
  return `${recording.id} ${method} ${originalUrl} → ${recording.summary()}`;
}
