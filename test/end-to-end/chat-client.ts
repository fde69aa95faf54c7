import type OpenAI from 'openai';
import type { Answer, Conversation, OfficialClient, Question, Tool } from './conversation.ts';

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;
type Message = OpenAI.ChatCompletionMessage;

/** Chat Completions through the `openai` package. */
export const chatClient: OfficialClient = {
  name: 'Chat Completions',
  ends: { stop: 'stop', calls: 'tool_calls' },
  converse({ openai }, question, stream): Conversation {
    const messages: OpenAI.ChatCompletionMessageParam[] = firstMessages(question);
    return {
      async answer() {
        const body: Body = { ...options(question), messages };
        if (stream) return readStream(openai, body, messages);
        const completion = await openai.chat.completions.create(body);
        const message = completion.choices[0]?.message;
        if (message) messages.push(message);
        return read(completion);
      },
      addResults(results) {
        for (const { id, output } of results) {
          messages.push({ role: 'tool', tool_call_id: id, content: output });
        }
      },
      addQuestion(content) {
        messages.push({ role: 'user', content });
      },
    };
  },
};

/** The package keeps only the last piece of a field that its types do not know, so thoughts are gathered here. */
async function readStream(
  openai: OpenAI,
  body: Body,
  messages: OpenAI.ChatCompletionMessageParam[],
): Promise<Answer> {
  const stream = openai.chat.completions.stream({
    ...body,
    stream: true,
    stream_options: { include_usage: true },
  });
  let reasoning = '';
  stream.on('chunk', (chunk) => {
    reasoning += asText(fieldOf(chunk.choices[0]?.delta, 'reasoning_content')) ?? '';
  });
  const completion = await stream.finalChatCompletion();
  const message = completion.choices[0]?.message;
  if (message)
    messages.push(reasoning === '' ? message : Object.assign(message, { reasoning_content: reasoning }));
  return { ...read(completion), reasoning };
}

function firstMessages({ system, text, image }: Question): OpenAI.ChatCompletionMessageParam[] {
  return [
    ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
    {
      role: 'user',
      content:
        image === undefined
          ? text
          : [
              { type: 'text', text },
              { type: 'image_url', image_url: { url: `data:${image.mediaType};base64,${image.data}` } },
            ],
    },
  ];
}

function options({ model = 'kmodel', tools, choice, oneCall, reasoning, stop, schema }: Question) {
  return {
    model,
    ...(tools && { tools: tools.map(toTool) }),
    ...(choice && {
      tool_choice:
        typeof choice === 'string' ? choice : { type: 'function' as const, function: { name: choice.name } },
    }),
    ...(oneCall && { parallel_tool_calls: false }),
    ...(reasoning && { reasoning_effort: 'high' as const }),
    ...(stop && { stop: [...stop] }),
    ...(schema && {
      response_format: { type: 'json_schema' as const, json_schema: { name: 'answer', schema } },
    }),
  };
}

function toTool({ name, description, parameters }: Tool): OpenAI.ChatCompletionFunctionTool {
  return { type: 'function', function: { name, description, parameters } };
}

function read(completion: OpenAI.ChatCompletion): Answer {
  const [choice] = completion.choices;
  const message = choice?.message;
  const { usage } = completion;
  return {
    text: message?.content ?? '',
    reasoning: String(fieldOf(message, 'reasoning_content') ?? ''),
    calls: callsOf(message),
    ended: choice?.finish_reason ?? null,
    stopSequence: asText(fieldOf(choice, 'stop_reason')),
    model: completion.model,
    usage: {
      input: usage?.prompt_tokens ?? -1,
      output: usage?.completion_tokens ?? -1,
      estimated: fieldOf(usage, 'estimated') === true,
    },
  };
}

function callsOf(message: Message | undefined) {
  return (message?.tool_calls ?? []).flatMap((call) =>
    call.type === 'function'
      ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) }]
      : [],
  );
}

/** A field that the package's types do not know. */
export function fieldOf(value: object | undefined | null, name: string): unknown {
  return value === undefined || value === null ? undefined : Reflect.get(value, name);
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
