import type { FastifyInstance } from 'fastify';
import { type Delivery, deliver } from '../deliver.ts';

/** Anthropic Messages, and its token count. */
export function messagesRoutes(app: FastifyInstance, delivery: Delivery): void {
  app.post('/v1/messages', async (request, reply) => {
    const { anthropicMessages } = await loadProtocol();
    return deliver(anthropicMessages, request, reply, delivery);
  });
  app.post('/v1/messages/count_tokens', async (request) => {
    const { anthropicMessages, decodeCountTokensRequest, encodeTokenCount } = await loadProtocol();
    const turn = decodeCountTokensRequest(request.body);
    request.recording?.decoded(anthropicMessages.name, turn, false);
    return encodeTokenCount(delivery.services.countTokens(turn, request.caller?.name));
  });
}

function loadProtocol() {
  return import('../../protocols/anthropic/protocol.ts');
}
