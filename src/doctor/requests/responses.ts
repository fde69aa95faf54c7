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

const responsesAnswer = z.object({
  output: z.array(
    z.union([
      z.object({
        type: z.literal('message'),
        content: z.array(z.object({ text: z.string().optional() })),
      }),
      z.object({
        type: z.literal('function_call'),
        call_id: z.string(),
        name: z.string(),
        arguments: z.string(),
      }),
      z.object({ type: z.string() }),
    ]),
  ),
});

const responsesTool = {
  type: 'function',
  name: toolName,
  description: toolDescription,
  parameters: toolSchema,
};

/** OpenAI Responses. */
export const responses: ApiCalls = {
  name: 'responses',
  path: '/v1/responses',
  text: (model) => responsesBody(model, question),
  image: (model) =>
    responsesBody(model, [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: imageQuestion },
          { type: 'input_image', image_url: imageUrl },
        ],
      },
    ]),
  tool: (model) => ({
    ...responsesBody(model, toolQuestion),
    tools: [responsesTool],
    tool_choice: 'required',
  }),
  toolResult: (model, { id, name, arguments: json }) => ({
    ...responsesBody(model, [
      { role: 'user', content: toolQuestion },
      { type: 'function_call', call_id: id, name, arguments: json },
      { type: 'function_call_output', call_id: id, output: toolAnswer },
    ]),
    tools: [responsesTool],
  }),
  textOf: (answer) =>
    (responsesAnswer.safeParse(answer).data?.output ?? [])
      .flatMap((item) => ('content' in item ? item.content.map(({ text = '' }) => text) : []))
      .join(''),
  callOf(answer) {
    const items = responsesAnswer.safeParse(answer).data?.output ?? [];
    const call = items.find((item) => 'call_id' in item);
    return call && { id: call.call_id, name: call.name, arguments: call.arguments };
  },
};

/** `store: false`: nothing of the diagnosis stays behind in a running proxy. */
function responsesBody(model: string, input: string | readonly object[]): object {
  return { model, max_output_tokens: mostTokens, store: false, input };
}
