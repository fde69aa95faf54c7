import type { FastifyInstance } from 'fastify';
import { decodeCountTokensRequest, encodeTokenCount } from '../../protocols/anthropic/count-tokens.ts';
import { anthropicMessages } from '../../protocols/anthropic/protocol.ts';
import { type Delivery, deliver } from '../deliver.ts';

/** Anthropic Messages, and its token count. */
export function messagesRoutes(app: FastifyInstance, delivery: Delivery): void {
  app.post('/v1/messages', (request, reply) => deliver(anthropicMessages, request, reply, delivery));
  app.post('/v1/messages/count_tokens', async (request) => {
    const turn = decodeCountTokensRequest(request.body);
    request.recording?.decoded(anthropicMessages.name, turn, false);
    return encodeTokenCount(delivery.services.countTokens(turn, request.caller?.name));
  });
}
