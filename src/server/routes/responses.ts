import type { FastifyInstance } from 'fastify';
import { createOpenAiResponses } from '../../protocols/openai-responses/protocol.ts';
import { type Delivery, deliver } from '../deliver.ts';
import { createResponseStore, responseStoreLimits } from '../response-store.ts';

/** OpenAI Responses. What `previous_response_id` and `item_reference` need is kept here, bounded. */
export function responsesRoutes(app: FastifyInstance, delivery: Delivery): void {
  const openAiResponses = createOpenAiResponses(
    createResponseStore(responseStoreLimits(delivery.settings.responseStoreLimit)),
  );
  for (const path of ['/v1/responses', '/api/v1/responses']) {
    app.post(path, (request, reply) => deliver(openAiResponses, request, reply, delivery));
  }
}
