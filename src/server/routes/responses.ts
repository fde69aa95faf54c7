import type { FastifyInstance } from 'fastify';
import { ProxyError } from '../../core/errors.ts';
import { createOpenAiResponses } from '../../protocols/openai-responses/protocol.ts';
import { type Delivery, deliver } from '../deliver.ts';
import { createResponseStore } from '../response-store.ts';

/** OpenAI Responses. What `previous_response_id` and `item_reference` need is kept here, bounded. */
export function responsesRoutes(app: FastifyInstance, delivery: Delivery): void {
  const openAiResponses = createOpenAiResponses(createResponseStore());
  for (const path of ['/v1/responses', '/api/v1/responses']) {
    app.post(path, (request, reply) => deliver(openAiResponses, request, reply, delivery));
    // Codex tries a WebSocket first; 426 makes it fall back to HTTP at once.
    app.get(path, async (request) => {
      if (request.headers.upgrade !== undefined) {
        throw new ProxyError(
          'upgrade-required',
          'This proxy serves responses over HTTP, not over a WebSocket. Use POST.',
        );
      }
      throw new ProxyError('method-not-allowed', `GET is not possible on ${path}; use POST.`);
    });
  }
}
