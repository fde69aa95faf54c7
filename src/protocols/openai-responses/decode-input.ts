import * as z from 'zod';
import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { Image, Reasoning, Text } from '../../core/turn.ts';
import { decodeClientCall } from './client-tools.ts';
import type { Conversation } from './conversation.ts';
import { decodeContent, decodeTextContent, type Ignore } from './decode-content.ts';
import { decodeHostedCall } from './decode-hosted-call.ts';
import { decodeEncryptedReasoning } from './encrypted-reasoning.ts';
import type { ResponseStore } from './response-store.ts';
import * as schemas from './schema.ts';
import type { ToolList } from './tool-list.ts';

/** Where the items of an input go. */
export interface InputTarget {
  readonly conversation: Conversation;
  readonly tools: ToolList;
  readonly ignore: Ignore;
}

/** Settings that a `configuration_update` item changes in mid-conversation; the last one counts. */
export type ConfigurationUpdate = z.infer<typeof schemas.configurationUpdateSchema>;

/** Replaces each `item_reference` by the item itself. Throws `invalid-request` for one that is not known (any more). */
export function resolveReferences(items: readonly unknown[], store: ResponseStore): unknown[] {
  return items.map((value, index) => {
    const item = parseWith(schemas.itemSchema, value, `input[${index}]`);
    const isReference = item.type === 'item_reference' || (!item.type && !item.role && item.id);
    if (!isReference) return value;
    const stored = item.id ? store.item(item.id) : undefined;
    if (stored !== undefined) return stored;
    throw new ProxyError(
      'invalid-request',
      `input[${index}] refers to the item "${item.id ?? ''}", which this proxy does not keep (any more). Send the item itself, or set store to false so that the client always does.`,
      { param: `input[${index}].id`, code: 'item_not_found' },
    );
  });
}

/** Reads items in order into `target`. Unknown types never fail: their text is kept and they are named as ignored. */
export function decodeItems(
  items: readonly unknown[],
  at: string,
  target: InputTarget,
): ConfigurationUpdate[] {
  return items.flatMap((item, index) => decodeItem(item, `${at}[${index}]`, target) ?? []);
}

function decodeItem(value: unknown, at: string, target: InputTarget): ConfigurationUpdate | undefined {
  const { type, role } = parseWith(schemas.itemSchema, value, at);
  switch (type ?? (role ? 'message' : '')) {
    case 'message':
      decodeMessage(value, at, target);
      return undefined;
    case 'reasoning':
      target.conversation.addAssistant([decodeReasoning(value, at)]);
      return undefined;
    case 'function_call': {
      const call = parseWith(schemas.functionCallSchema, value, at);
      const input =
        typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments ?? {});
      addCall(target, call, input);
      return undefined;
    }
    case 'custom_tool_call': {
      const call = parseWith(schemas.customToolCallSchema, value, at);
      addCall(target, call, call.input);
      return undefined;
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
    case 'local_shell_call_output':
    case 'shell_call_output':
    case 'apply_patch_call_output':
    case 'computer_call_output':
    case 'tool_search_output':
      decodeOutput(type ?? '', value, at, target);
      return undefined;
    case 'additional_tools':
      target.tools.add(parseWith(schemas.additionalToolsSchema, value, at).tools ?? [], `${at}.tools`);
      return undefined;
    case 'configuration_update':
      return parseWith(schemas.configurationUpdateSchema, value, at);
    case 'compaction_trigger':
      throw new ProxyError(
        'unsupported-feature',
        `${at} asks the service to compact the conversation, which Lingma cannot do. Let the client summarise it instead.`,
        { param: at },
      );
    default:
      decodeOtherItem(type ?? '', role, value, at, target);
      return undefined;
  }
}

function decodeMessage(value: unknown, at: string, { conversation, ignore }: InputTarget): void {
  const { role, content } = parseWith(schemas.messageSchema, value, at);
  const contentAt = `${at}.content`;
  switch (role) {
    case 'system':
    case 'developer':
      conversation.addInstructions(decodeTextContent(content, contentAt, ignore));
      break;
    case 'assistant':
      conversation.addAssistant(decodeTextContent(content, contentAt, ignore));
      break;
    case 'user':
    case undefined:
    case null:
      conversation.addUser(decodeContent(content, contentAt, ignore));
      break;
    default:
      throw new ProxyError(
        'invalid-request',
        `${at}.role is "${role.slice(0, 64)}"; it has to be user, assistant, system or developer.`,
        { param: `${at}.role` },
      );
  }
}

function decodeReasoning(value: unknown, at: string): Reasoning {
  const item = parseWith(schemas.reasoningItemSchema, value, at);
  const joined = (parts: typeof item.summary) => (parts ?? []).map(({ text }) => text ?? '').join('\n\n');
  const encrypted = item.encrypted_content ? decodeEncryptedReasoning(item.encrypted_content) : undefined;
  return {
    type: 'reasoning',
    text: encrypted?.text ?? (joined(item.content) || joined(item.summary)),
    ...(encrypted?.signature === undefined ? {} : { signature: encrypted.signature }),
  };
}

function addCall(
  { conversation }: InputTarget,
  call: { readonly call_id: string; readonly name: string; readonly namespace?: string | null | undefined },
  input: string,
): void {
  const { call_id: id, name, namespace } = call;
  conversation.addAssistant([{ type: 'tool-call', id, name, ...(namespace ? { namespace } : {}), input }]);
}

function decodeOutput(type: string, value: unknown, at: string, target: InputTarget): void {
  const item = parseWith(schemas.callOutputSchema, value, at);
  const content = decodeOutputContent(type, item, at, target);
  // OpenAI's local shell names the call in `id`, Codex in `call_id`.
  const callId = item.call_id ?? (type === 'local_shell_call_output' ? item.id : undefined);
  if (callId) {
    const failed = type === 'apply_patch_call_output' && item.status === 'failed';
    target.conversation.addResult({
      type: 'tool-result',
      callId,
      content,
      ...(failed ? { isError: true } : {}),
    });
  } else if (type === 'tool_search_output') {
    // A search that the service ran: the tools count, the result belongs to no call of the model's.
    target.ignore(`${at} (${type})`);
  } else {
    target.conversation.addUser(content);
  }
}

function decodeOutputContent(
  type: string,
  item: z.infer<typeof schemas.callOutputSchema>,
  at: string,
  { tools, ignore }: InputTarget,
): (Text | Image)[] {
  const outputAt = `${at}.output`;
  switch (type) {
    case 'tool_search_output': {
      const names = tools.add(item.tools ?? [], `${at}.tools`);
      return [{ type: 'text', text: JSON.stringify({ tools: names }) }];
    }
    case 'shell_call_output':
      return [{ type: 'text', text: JSON.stringify(item.output) }];
    case 'apply_patch_call_output':
      return decodeContent(item.output ?? item.status, outputAt, ignore);
    case 'computer_call_output':
      return decodeContent([item.output], outputAt, ignore);
    default:
      return decodeContent(item.output, outputAt, ignore);
  }
}

const computerCallSchema = z.looseObject({ call_id: z.string() });
const anything = z.unknown().optional();
const textualSchema = z.object({ content: anything, output: anything, text: anything });

function decodeOtherItem(
  type: string,
  role: string | null | undefined,
  value: unknown,
  at: string,
  target: InputTarget,
): void {
  const clientCall = decodeClientCall(type, value);
  const callId = computerCallSchema.safeParse(value).data?.call_id;
  if (clientCall !== undefined && callId !== undefined) {
    addCall(target, { call_id: callId, name: clientCall.name }, clientCall.input);
    return;
  }
  if (type === 'computer_call' && callId !== undefined) {
    const { action, actions } = z.looseObject({}).parse(value);
    addCall(target, { call_id: callId, name: 'computer' }, JSON.stringify(actions ?? action ?? {}));
    return;
  }
  const hosted = decodeHostedCall(type, value);
  if (hosted !== undefined) {
    target.conversation.addAssistant([hosted.call]);
    target.conversation.addResult({
      type: 'tool-result',
      callId: hosted.call.id,
      content: hosted.output === '' ? [] : [{ type: 'text', text: hosted.output }],
    });
    return;
  }
  target.ignore(`${at} (${type === '' ? 'no type' : type.slice(0, 64)})`);
  const { content, output, text } = parseWith(textualSchema, value, at);
  const kept = readTexts(content ?? output ?? text);
  if (role === 'assistant') target.conversation.addAssistant(kept);
  else target.conversation.addUser(kept);
}

/** The texts in a content of an unknown shape. */
function readTexts(content: unknown): Text[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown) => {
    const text = typeof part === 'object' && part !== null && 'text' in part ? part.text : part;
    return typeof text === 'string' && text !== '' ? [{ type: 'text' as const, text }] : [];
  });
}
