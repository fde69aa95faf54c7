import assert from 'node:assert/strict';
import type OpenAI from 'openai';
import { fieldOf } from './chat-client.ts';
import type { Answer, Conversation, OfficialClient, Question, Tool } from './conversation.ts';

type Body = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Input = OpenAI.Responses.ResponseInputItem;
type Response = OpenAI.Responses.Response;

/** Responses through the `openai` package. A conversation sends all of its items each time, as Codex does. */
export const responsesClient: OfficialClient = {
  name: 'Responses',
  ends: { stop: 'completed', calls: 'completed' },
  converse({ openai }, question, stream): Conversation {
    const input: Input[] = [firstItem(question)];
    return {
      async answer() {
        const body: Body = { ...options(question), input };
        const response = stream
          ? await openai.responses.stream({ ...body, stream: true }).finalResponse()
          : await openai.responses.create(body);
        // The stream helper takes a failed response for an answer like any other.
        if (response.error) throw new Error(response.error.message);
        input.push(...response.output.map(withoutParsed));
        return read(response);
      },
      addResults(results) {
        for (const { id, output } of results) {
          input.push({ type: 'function_call_output', call_id: id, output });
        }
      },
      addQuestion(content) {
        input.push({ role: 'user', content });
      },
    };
  },
};

/** The package's stream helper adds a field of its own to calls, which is no part of the item. */
function withoutParsed(item: OpenAI.Responses.ResponseOutputItem): Input {
  const { parsed_arguments: _, ...rest } = { parsed_arguments: undefined, ...item };
  return rest as Input;
}

function firstItem({ text, image }: Question): Input {
  if (image === undefined) return { role: 'user', content: text };
  const image_url = `data:${image.mediaType};base64,${image.data}`;
  return {
    role: 'user',
    content: [
      { type: 'input_text', text },
      { type: 'input_image', detail: 'auto', image_url },
    ],
  };
}

function options(question: Question) {
  const { model = 'kmodel', system, tools, choice, oneCall, reasoning, stop, schema } = question;
  assert.equal(stop, undefined, 'the Responses API has no stop sequences');
  return {
    model,
    ...(system !== undefined && { instructions: system }),
    ...(tools && { tools: tools.map(toTool) }),
    ...(choice && {
      tool_choice: typeof choice === 'string' ? choice : { type: 'function' as const, name: choice.name },
    }),
    ...(oneCall && { parallel_tool_calls: false }),
    ...(reasoning && { reasoning: { effort: 'high' as const, summary: 'auto' as const } }),
    ...(schema && { text: { format: { type: 'json_schema' as const, name: 'answer', schema } } }),
  };
}

function toTool({ name, description, parameters }: Tool): OpenAI.Responses.FunctionTool {
  return { type: 'function', name, description, parameters, strict: false };
}

function read(response: Response): Answer {
  const { usage } = response;
  return {
    text: response.output_text,
    reasoning: response.output
      .flatMap((item) => (item.type === 'reasoning' ? item.summary.map(({ text }) => text) : []))
      .join(''),
    calls: response.output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }]
        : [],
    ),
    ended: response.status ?? null,
    stopSequence: undefined,
    model: response.model,
    usage: {
      input: usage?.input_tokens ?? -1,
      output: usage?.output_tokens ?? -1,
      estimated: fieldOf(usage, 'estimated') === true,
    },
  };
}
