import { ProxyError } from '../../core/errors.ts';
import type { FunctionTool, JsonSchema, Tool, ToolChoice, Turn } from '../../core/turn.ts';
import type { ClientProfile } from './client-profile.ts';
import { upstreamMessages } from './messages.ts';
import type { ChosenModel } from './model-key.ts';
import { uploadedImageUrls } from './uploaded-images.ts';

/** lingma-tap never asks for more tokens than this; nobody has seen upstream accept more. */
const mostOutputTokens = 16_384;

export interface ChatBodyContext {
  readonly model: ChosenModel;
  readonly profile: ClientProfile;
  readonly cosyVersion: string;
  /** A fresh uuid4; its digits are the request id. */
  readonly requestUuid: string;
  /** Another fresh uuid4: the business id, or the IDE's session id. */
  readonly secondUuid: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * The chat endpoint's request body for a turn. Throws `invalid-request` or `unsupported-feature` for a conversation that
 * cannot be sent, `internal` for tools that a policy should have turned into plain functions before.
 */
export function chatBody(turn: Turn, context: ChatBodyContext): Readonly<Record<string, unknown>> {
  const { model, profile, cosyVersion } = context;
  const requestId = context.requestUuid.replaceAll('-', '');
  const ide = profile === 'ide';
  const imageUrls = uploadedImageUrls(turn);
  return {
    request_id: requestId,
    request_set_id: '',
    chat_record_id: requestId,
    stream: true,
    image_urls: imageUrls.length === 0 ? null : imageUrls,
    is_reply: false,
    is_retry: false,
    session_id: ide ? context.secondUuid : '',
    code_language: '',
    source: 0,
    version: '3',
    chat_prompt: '',
    parameters: parameters(turn),
    aliyun_user_type: ide ? 'enterprise_standard' : 'personal_standard',
    agent_id: 'agent_common',
    task_id: 'question_refine',
    model_config: {
      key: model.key,
      display_name: '',
      model: ide ? '' : model.key,
      format: '',
      is_vl: imageUrls.length > 0,
      is_reasoning: turn.reasoning !== undefined || model.reasoning,
      api_key: '',
      url: '',
      source: '',
      enable: false,
    },
    messages: upstreamMessages(turn),
    ...toolFields(turn),
    business: ide
      ? { product: 'ide', version: cosyVersion, type: 'chat', name: 'api-bridge', begin_at: 0, relation: {} }
      : {
          product: 'jb_plugin',
          version: cosyVersion,
          type: 'memory',
          id: context.secondUuid,
          begin_at: context.now,
          stage: 'start',
          name: `memory_intent_recognition_${requestId}`,
        },
  };
}

/** What a turn asks for that the chat endpoint has no field for, as every dialect calls it. */
export function unsentFields({ sampling }: Turn): string[] {
  const { topP, topK, seed, presencePenalty, frequencyPenalty } = sampling;
  const wishes = {
    top_p: topP,
    top_k: topK,
    seed,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
  };
  return Object.entries(wishes).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

/** Why a turn may get a shorter answer than it allows, in words; undefined when it cannot. */
export function loweredLimit({ sampling }: Turn): string | undefined {
  const { maxOutputTokens = 0 } = sampling;
  if (maxOutputTokens <= mostOutputTokens) return undefined;
  return `The remote API was asked for at most ${mostOutputTokens} output tokens instead of ${maxOutputTokens}.`;
}

function parameters({ sampling }: Turn): object {
  const { temperature = 0.1, maxOutputTokens } = sampling;
  if (maxOutputTokens === undefined) return { temperature };
  return { temperature, max_tokens: Math.min(maxOutputTokens, mostOutputTokens) };
}

function toolFields({ tools, toolChoice }: Turn): object {
  if (tools.length === 0 || toolChoice.type === 'none') return {};
  const choice = upstreamToolChoice(toolChoice);
  return { tools: tools.map(upstreamTool), ...(choice === undefined ? {} : { tool_choice: choice }) };
}

function upstreamTool(tool: Tool): object {
  const { name, description, inputSchema } = requirePlain(tool);
  return { type: 'function', function: { name, description, parameters: objectSchema(inputSchema) } };
}

function requirePlain(tool: Tool): FunctionTool {
  if (tool.kind === 'function' && tool.namespace === undefined) return tool;
  throw new ProxyError(
    'internal',
    `The tool "${tool.name}" reached the remote API in a form that it does not have (${tool.kind === 'custom' ? 'custom tool' : 'namespace'}). Please report this.`,
  );
}

/** Some clients leave the schema of a tool without arguments empty. */
function objectSchema(schema: JsonSchema): JsonSchema {
  return schema['type'] === undefined ? { type: 'object', properties: {}, ...schema } : schema;
}

/** Undefined for what upstream does anyway. */
function upstreamToolChoice(choice: ToolChoice): unknown {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return undefined;
    case 'required':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name: choice.name } };
    default:
      return choice satisfies never;
  }
}
