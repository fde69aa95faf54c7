import { z } from 'zod';
import type { SimulatedRequest } from '../../src/demo/brain.ts';
import type { Stage } from './stage.ts';

const chatBody = z.object({ messages: z.array(z.object({ content: z.string().nullable() })) });

/** What the model was told in each call, oldest first: all messages of a remote request in one, or the prompt of the runtime. */
export function upstreamTexts({ backend, simulator }: Stage): readonly string[] {
  if (backend === 'ipc') return simulator.ipc.prompts.map(({ text }) => text);
  return simulator.remote.requests.flatMap(({ body }) => {
    const chat = chatBody.safeParse(body);
    return chat.success ? [chat.data.messages.map(({ content }) => content ?? '').join('\n')] : [];
  });
}

/** All that the model is told in one call, the names of its tools included. */
export function askedText(request: SimulatedRequest): string {
  if (request.backend === 'ipc') return request.prompt;
  return [
    ...request.tools.map((tool) => tool.function.name),
    ...request.messages.map(({ content }) => content ?? ''),
  ].join('\n');
}
