import * as z from 'zod';
import {
  type ApiCalls,
  imageQuestion,
  imageUrl,
  mostTokens,
  question,
  toolAnswer,
  toolDescription,
  toolName,
  toolQuestion,
  toolSchema,
} from './api-calls.ts';

const chatAnswer = z.object({
  choices: z.array(
    z.object({
      message: z.object({
        content: z.string().nullish(),
        tool_calls: z
          .array(
            z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }),
          )
          .nullish(),
      }),
    }),
  ),
});

const chatTool = {
  type: 'function',
  function: { name: toolName, description: toolDescription, parameters: toolSchema },
};

/** OpenAI Chat Completions. */
export const chatCompletions: ApiCalls = {
  name: 'chat-completions',
  path: '/v1/chat/completions',
  text: (model) => chatBody(model, [{ role: 'user', content: question }]),
  image: (model) =>
    chatBody(model, [
      {
        role: 'user',
        content: [
          { type: 'text', text: imageQuestion },
          { type: 'image_url', image_url: { url: imageUrl } },
        ],
      },
    ]),
  tool: (model) => ({
    ...chatBody(model, [{ role: 'user', content: toolQuestion }]),
    tools: [chatTool],
    tool_choice: 'required',
  }),
  toolResult: (model, { id, name, arguments: json }) => ({
    ...chatBody(model, [
      { role: 'user', content: toolQuestion },
      { role: 'assistant', tool_calls: [{ id, type: 'function', function: { name, arguments: json } }] },
      { role: 'tool', tool_call_id: id, content: toolAnswer },
    ]),
    tools: [chatTool],
  }),
  textOf: (answer) => chatAnswer.safeParse(answer).data?.choices[0]?.message.content ?? '',
  callOf(answer) {
    const call = chatAnswer.safeParse(answer).data?.choices[0]?.message.tool_calls?.[0];
    return call && { id: call.id, ...call.function };
  },
};

function chatBody(model: string, messages: readonly object[]): object {
  return { model, max_tokens: mostTokens, messages };
}
