import type { FastifyInstance } from 'fastify';
import { type Delivery, deliver } from '../deliver.ts';

/** OpenAI Chat Completions. */
export function chatCompletionsRoutes(app: FastifyInstance, delivery: Delivery): void {
  for (const path of ['/v1/chat/completions', '/api/v1/chat/completions']) {
    app.post(path, async (request, reply) => {
      const { openAiChat } = await import('../../protocols/openai-chat/protocol.ts');
      return deliver(openAiChat, request, reply, delivery);
    });
  }
}
