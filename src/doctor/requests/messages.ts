import * as z from 'zod';
import { redSquare } from '../test-picture.ts';
import {
  type ApiCalls,
  imageQuestion,
  mostTokens,
  question,
  toolAnswer,
  toolDescription,
  toolName,
  toolQuestion,
  toolSchema,
} from './api-calls.ts';

const messagesAnswer = z.object({
  content: z.array(
    z.union([
      z.object({ type: z.literal('text'), text: z.string() }),
      z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() }),
      z.object({ type: z.string() }),
    ]),
  ),
});

const messagesTool = { name: toolName, description: toolDescription, input_schema: toolSchema };

/** Anthropic Messages. */
export const messages: ApiCalls = {
  name: 'messages',
  path: '/v1/messages',
  text: (model) => messagesBody(model, [{ role: 'user', content: question }]),
  image: (model) =>
    messagesBody(model, [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: redSquare } },
          { type: 'text', text: imageQuestion },
        ],
      },
    ]),
  tool: (model) => ({
    ...messagesBody(model, [{ role: 'user', content: toolQuestion }]),
    tools: [messagesTool],
    tool_choice: { type: 'any' },
  }),
  toolResult: (model, { id, name, arguments: json }) => ({
    ...messagesBody(model, [
      { role: 'user', content: toolQuestion },
      { role: 'assistant', content: [{ type: 'tool_use', id, name, input: JSON.parse(json) }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: toolAnswer }] },
    ]),
    tools: [messagesTool],
  }),
  textOf: (answer) =>
    (messagesAnswer.safeParse(answer).data?.content ?? [])
      .flatMap((block) => ('text' in block ? [block.text] : []))
      .join(''),
  callOf(answer) {
    const blocks = messagesAnswer.safeParse(answer).data?.content ?? [];
    const call = blocks.find((block) => 'id' in block);
    return call && { id: call.id, name: call.name, arguments: JSON.stringify(call.input ?? {}) };
  },
};

function messagesBody(model: string, conversation: readonly object[]): object {
  return { model, max_tokens: mostTokens, messages: conversation };
}
