import type Anthropic from '@anthropic-ai/sdk';
import type { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import { fieldOf } from './chat-client.ts';
import type { Answer, Conversation, OfficialClient, Question, Tool } from './conversation.ts';

type Body = Anthropic.MessageCreateParamsNonStreaming;

/** Messages through the `@anthropic-ai/sdk` package. */
export const messagesClient: OfficialClient = {
  name: 'Messages',
  ends: { stop: 'end_turn', calls: 'tool_use' },
  converse({ anthropic }, question, stream): Conversation {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: firstContent(question) }];
    return {
      async answer() {
        const body: Body = { ...options(question), max_tokens: 4_000, messages };
        if (stream) return readStream(anthropic.messages.stream(body), messages);
        const message = await anthropic.messages.create(body);
        messages.push({ role: 'assistant', content: message.content as Anthropic.ContentBlockParam[] });
        return read(message);
      },
      addResults(results) {
        messages.push({
          role: 'user',
          content: results.map(({ id, output }) => ({
            type: 'tool_result',
            tool_use_id: id,
            content: output,
          })),
        });
      },
      addQuestion(content) {
        messages.push({ role: 'user', content });
      },
    };
  },
};

/** The package drops what its types do not know of the usage at the end, so that is taken from the event itself. */
async function readStream(stream: MessageStream, messages: Anthropic.MessageParam[]): Promise<Answer> {
  let usage: object | undefined;
  stream.on('streamEvent', (event) => {
    if (event.type === 'message_delta') usage = event.usage;
  });
  const message = await stream.finalMessage();
  messages.push({ role: 'assistant', content: message.content as Anthropic.ContentBlockParam[] });
  const answer = read(message);
  return { ...answer, usage: { ...answer.usage, estimated: fieldOf(usage, 'estimated') === true } };
}

function firstContent({ text, image }: Question): Anthropic.MessageParam['content'] {
  if (image === undefined) return text;
  const media_type = image.mediaType as Anthropic.Base64ImageSource['media_type'];
  return [
    { type: 'image', source: { type: 'base64', media_type, data: image.data } },
    { type: 'text', text },
  ];
}

function options(question: Question) {
  const { model = 'kmodel', system, tools, reasoning, stop, schema } = question;
  const choice = toChoice(question);
  return {
    model,
    ...(system !== undefined && { system }),
    ...(tools && { tools: tools.map(toTool) }),
    ...(choice && { tool_choice: choice }),
    ...(reasoning && { thinking: { type: 'adaptive' as const } }),
    ...(stop && { stop_sequences: [...stop] }),
    ...(schema && { output_config: { format: { type: 'json_schema' as const, schema } } }),
  };
}

function toChoice({ choice, oneCall }: Question): Anthropic.ToolChoice | undefined {
  const limit = oneCall ? { disable_parallel_tool_use: true } : {};
  if (choice === undefined) return oneCall ? { type: 'auto', ...limit } : undefined;
  if (typeof choice === 'object') return { type: 'tool', name: choice.name, ...limit };
  if (choice === 'none') return { type: 'none' };
  return { type: choice === 'required' ? 'any' : 'auto', ...limit };
}

function toTool({ name, description, parameters }: Tool): Anthropic.Tool {
  return { name, description, input_schema: parameters };
}

function read(message: Anthropic.Message): Answer {
  const { content, usage } = message;
  return {
    text: content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
    reasoning: content.flatMap((block) => (block.type === 'thinking' ? [block.thinking] : [])).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    ended: message.stop_reason,
    stopSequence: message.stop_sequence ?? undefined,
    model: message.model,
    usage: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      estimated: fieldOf(usage, 'estimated') === true,
    },
  };
}
