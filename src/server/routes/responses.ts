import type { FastifyInstance } from 'fastify';
import { onDemand } from '../../core/on-demand.ts';
import { type Delivery, deliver } from '../deliver.ts';
import { createResponseStore, responseStoreLimits } from '../response-store.ts';

/** OpenAI Responses. What `previous_response_id` and `item_reference` need is kept here, bounded. */
export function responsesRoutes(app: FastifyInstance, delivery: Delivery): void {
  const store = createResponseStore(responseStoreLimits(delivery.settings.responseStoreLimit));
  const loadProtocol = onDemand(async () => {
    const { createOpenAiResponses } = await import('../../protocols/openai-responses/protocol.ts');
    return createOpenAiResponses(store);
  });
  for (const path of ['/v1/responses', '/api/v1/responses']) {
    app.post(path, async (request, reply) => deliver(await loadProtocol(), request, reply, delivery));
  }
}
