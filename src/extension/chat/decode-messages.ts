import * as z from 'zod';
import type { AssistantContent, Image, Message, Text, ToolResult, UserContent } from '../../core/turn.ts';

/** `LanguageModelChatMessageRole`; the third one is VS Code's own. */
const assistant = 2;
const system = 3;

const message = z.object({ role: z.number(), content: z.array(z.unknown()) });

/** The parts of a message, by their fields: the classes that they are objects of differ in what hosts have. */
const toolCall = z.object({ callId: z.string(), name: z.string(), input: z.unknown() });
const toolResult = z.object({
  callId: z.string(),
  content: z.array(z.unknown()),
  isError: z.boolean().optional(),
});
const data = z.object({ mimeType: z.string(), data: z.instanceof(Uint8Array) });
const thinking = z.object({ value: z.union([z.string(), z.array(z.string())]), metadata: z.unknown() });
const text = z.object({ value: z.string() });
/** A tree that a library of VS Code's renders; whoever gets it unrendered has only its JSON. */
const tree = z.object({ value: z.looseObject({}) });

type Content = UserContent | AssistantContent;

/** Messages of VS Code's chat as those of a turn. Parts that are no content, such as marks for caches, are left out. */
export function decodeMessages(messages: readonly unknown[]): Message[] {
  return messages.flatMap((each) => {
    const { role, content } = message.parse(each);
    const decoded = toMessage(role, content.flatMap(decodePart));
    return decoded.content.length === 0 ? [] : [decoded];
  });
}

function toMessage(role: number, content: readonly Content[]): Message {
  if (role === system) return { role: 'system', content: content.filter(isText) };
  if (role === assistant) return { role: 'assistant', content: content.filter(isAssistantContent) };
  return { role: 'user', content: content.filter(isUserContent) };
}

function decodePart(part: unknown): Content[] {
  const call = toolCall.safeParse(part).data;
  if (call)
    return [{ type: 'tool-call', id: call.callId, name: call.name, input: JSON.stringify(call.input ?? {}) }];
  const result = toolResult.safeParse(part).data;
  if (result) return [decodeResult(result)];
  if (isThinking(part)) {
    const { value } = thinking.parse(part);
    return [{ type: 'reasoning', text: typeof value === 'string' ? value : value.join('') }];
  }
  return decodeTextOrData(part);
}

function decodeResult({ callId, content, isError }: z.infer<typeof toolResult>): ToolResult {
  return {
    type: 'tool-result',
    callId,
    content: content.flatMap(decodeTextOrData),
    ...(isError === true ? { isError } : {}),
  };
}

function decodeTextOrData(part: unknown): (Text | Image)[] {
  if (typeof part === 'string') return [{ type: 'text', text: part }];
  const written = text.safeParse(part).data;
  if (written) return [{ type: 'text', text: written.value }];
  const bytes = data.safeParse(part).data;
  if (bytes) return decodeData(bytes);
  const rendered = tree.safeParse(part).data;
  return rendered ? [{ type: 'text', text: JSON.stringify(rendered.value) }] : [];
}

function decodeData({ mimeType, data: bytes }: z.infer<typeof data>): (Text | Image)[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (mimeType.startsWith('image/')) {
    return [
      { type: 'image', source: { kind: 'base64', mediaType: mimeType, data: buffer.toString('base64') } },
    ];
  }
  if (/^text\/|^application\/(?:.+\+)?json$/.test(mimeType))
    return [{ type: 'text', text: buffer.toString() }];
  // `cache_control`, `stateful_marker` and the like: what one extension leaves for itself.
  return [];
}

/** A text part has no `metadata`, not even an undefined one. */
function isThinking(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'metadata' in part && thinking.safeParse(part).success;
}

function isText(part: Content): part is Text {
  return part.type === 'text';
}

function isUserContent(part: Content): part is UserContent {
  return part.type === 'text' || part.type === 'image' || part.type === 'tool-result';
}

function isAssistantContent(part: Content): part is AssistantContent {
  return part.type === 'text' || part.type === 'reasoning' || part.type === 'tool-call';
}
