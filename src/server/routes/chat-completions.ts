import type { FastifyInstance } from 'fastify';
import { openAiChat } from '../../protocols/openai-chat/protocol.ts';
import { type Delivery, deliver } from '../deliver.ts';

/** OpenAI Chat Completions. */
export function chatCompletionsRoutes(app: FastifyInstance, delivery: Delivery): void {
  for (const path of ['/v1/chat/completions', '/api/v1/chat/completions']) {
    app.post(path, (request, reply) => deliver(openAiChat, request, reply, delivery));
  }
}
