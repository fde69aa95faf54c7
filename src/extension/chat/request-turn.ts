import * as z from 'zod';
import type { FunctionTool, Message, Sampling, ToolChoice, Turn } from '../../core/turn.ts';
import { decodeMessages } from './decode-messages.ts';

const number = z.number().optional().catch(undefined);

/** `modelOptions` is anybody's: what goes by the names of OpenAI's API is taken. */
const modelOptions = z.object({
  temperature: number,
  top_p: number,
  max_tokens: number,
  max_completion_tokens: number,
  seed: number,
  presence_penalty: number,
  frequency_penalty: number,
  stop: z
    .union([z.string().transform((text) => [text]), z.array(z.string())])
    .optional()
    .catch(undefined),
  reasoning_effort: z.string().optional().catch(undefined),
});

const requestOptions = z.object({
  modelOptions: modelOptions.optional().catch(undefined),
  tools: z
    .array(
      z.object({
        name: z.string(),
        description: z.string().optional(),
        inputSchema: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
  toolMode: z.number().optional(),
});
type RequestOptions = z.infer<typeof requestOptions>;

/** `LanguageModelChatToolMode.Required` */
const requiredMode = 2;

export interface ChatRequest {
  readonly model: string;
  /** `LanguageModelChatRequestMessage`s. */
  readonly messages: readonly unknown[];
  /** `ProvideLanguageModelChatResponseOptions` */
  readonly options: unknown;
  /** Thoughts can be shown, and the model has some. */
  readonly wantsReasoning: boolean;
}

/** A request of VS Code's chat, or of an extension that asks its language model API, as a turn. Throws a `ZodError` when it is none. */
export function requestTurn({ model, messages, options, wantsReasoning }: ChatRequest): Turn {
  const { modelOptions: wishes, tools = [], toolMode } = requestOptions.parse(options ?? {});
  const effort = wishes?.reasoning_effort;
  const { system, rest } = splitSystem(decodeMessages(messages));
  return {
    model,
    system,
    messages: rest,
    tools: tools.map(toFunctionTool),
    toolChoice: toolChoice(tools.length, toolMode),
    sampling: wishes === undefined ? {} : toSampling(wishes),
    ...(wantsReasoning || effort !== undefined ? { reasoning: effort === undefined ? {} : { effort } } : {}),
    delivery: 'incremental',
    metadata: {},
  };
}

/** Leading instructions have a place of their own in a turn. */
function splitSystem(messages: readonly Message[]): { system: string[]; rest: Message[] } {
  const system: string[] = [];
  const rest: Message[] = [];
  for (const message of messages) {
    if (message.role === 'system' && rest.length === 0)
      system.push(...message.content.map(({ text }) => text));
    else rest.push(message);
  }
  return { system, rest };
}

function toFunctionTool({
  name,
  description,
  inputSchema,
}: NonNullable<RequestOptions['tools']>[number]): FunctionTool {
  return {
    kind: 'function',
    name,
    description: description ?? '',
    inputSchema: inputSchema ?? { type: 'object', properties: {} },
  };
}

function toolChoice(tools: number, mode: number | undefined): ToolChoice {
  return { type: mode === requiredMode && tools > 0 ? 'required' : 'auto' };
}

function toSampling(wishes: z.infer<typeof modelOptions>): Sampling {
  const { temperature, top_p, seed, presence_penalty, frequency_penalty, stop } = wishes;
  const most = wishes.max_completion_tokens ?? wishes.max_tokens;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { topP: top_p }),
    ...(most === undefined ? {} : { maxOutputTokens: most }),
    ...(seed === undefined ? {} : { seed }),
    ...(presence_penalty === undefined ? {} : { presencePenalty: presence_penalty }),
    ...(frequency_penalty === undefined ? {} : { frequencyPenalty: frequency_penalty }),
    ...(stop === undefined ? {} : { stop }),
  };
}
