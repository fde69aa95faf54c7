import type { ChatBody, ChatMessage } from './chat-body-schema.ts';

const toolName = /^[a-zA-Z0-9_-]{1,64}$/;

/** What the rest of a request says, for the rules that cross the body's edge. */
export interface BodyContext {
  readonly knownKeys: ReadonlySet<string>;
  readonly uploadedUrls: ReadonlySet<string>;
  /** `Cosy-Version` of the same request. */
  readonly cosyVersion: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/** The first rule that a well-formed body breaks, or undefined. */
export function findBrokenRule(body: ChatBody, context: BodyContext): string | undefined {
  return (
    brokenIdentity(body, context) ?? brokenImages(body, context) ?? brokenTools(body) ?? brokenMessages(body)
  );
}

function brokenIdentity(body: ChatBody, context: BodyContext): string | undefined {
  if (body.chat_record_id !== body.request_id) return 'chat_record_id differs from request_id';
  const { key, model } = body.model_config;
  if (key !== '' && !context.knownKeys.has(key)) return `model_config.key: unknown model ${key}`;
  if (body.business.product === 'ide') return undefined;
  if (model !== key) return 'model_config.model differs from model_config.key';
  if (body.business.version !== context.cosyVersion) return 'business.version differs from Cosy-Version';
  if (body.business.name !== `memory_intent_recognition_${body.request_id}`) {
    return 'business.name does not end in the request id';
  }
  const age = Math.abs(context.now - body.business.begin_at);
  return age > 300_000 ? 'business.begin_at is not the time now in milliseconds' : undefined;
}

function brokenImages(body: ChatBody, context: BodyContext): string | undefined {
  const urls = body.image_urls ?? [];
  const stranger = urls.find((url) => !context.uploadedUrls.has(url));
  if (stranger !== undefined) return 'image_urls: not an uploaded image';
  if (body.model_config.is_vl !== urls.length > 0) return 'model_config.is_vl does not match image_urls';
  const lastUser = body.messages.findLastIndex((message) => message.role === 'user');
  for (const [index, message] of body.messages.entries()) {
    if (message.role !== 'user' || message.parts === undefined) continue;
    if (index !== lastUser) return `messages.${index}.parts: only the last user message may have parts`;
    for (const part of message.parts) {
      if (part.type === 'image_url' && !urls.includes(part.image_url.url)) {
        return `messages.${index}.parts: image_url is not among image_urls`;
      }
    }
  }
  return undefined;
}

function brokenTools(body: ChatBody): string | undefined {
  const names = new Set<string>();
  for (const [index, tool] of (body.tools ?? []).entries()) {
    const { name, parameters } = tool.function;
    if (!toolName.test(name)) return `tools.${index}.function.name: must match ${toolName.source}`;
    if (names.has(name)) return `tools.${index}.function.name: ${name} is declared twice`;
    if (parameters !== undefined && parameters['type'] !== 'object') {
      return `tools.${index}.function.parameters: must be a JSON schema of type object`;
    }
    names.add(name);
  }
  const choice = body.tool_choice;
  if (choice === undefined) return undefined;
  if (names.size === 0) return 'tool_choice without tools';
  if (typeof choice === 'object' && !names.has(choice.function.name)) {
    return `tool_choice names ${choice.function.name}, which is not among the tools`;
  }
  return undefined;
}

function brokenMessages(body: ChatBody): string | undefined {
  let open = new Set<string>();
  for (const [index, message] of body.messages.entries()) {
    const at = `messages.${index}`;
    if (isEmpty(message)) return `${at}: empty ${message.role} message`;
    if (message.role === 'system' && index > 0) return `${at}: system is allowed only as the first message`;
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id)) {
        return `${at}: tool message answers no open call (${message.tool_call_id})`;
      }
      continue;
    }
    if (open.size > 0) return `${at}: tool call ${[...open].join(', ')} has no tool message`;
    if (message.role !== 'assistant') continue;
    const calls = message.tool_calls ?? [];
    const broken = calls.map((call) => brokenCall(call.function)).find((reason) => reason !== undefined);
    if (broken !== undefined) return `${at}.tool_calls: ${broken}`;
    open = new Set(calls.map((call) => call.id));
    if (open.size < calls.length) return `${at}.tool_calls: two calls with one id`;
  }
  if (open.size > 0) return `messages: tool call ${[...open].join(', ')} has no tool message`;
  if (!body.messages.some((message) => message.role === 'user')) return 'messages: no user message';
  const last = body.messages.at(-1)?.role;
  if (last !== 'user' && last !== 'tool') return `messages: the last message is from ${last}`;
  return undefined;
}

/** A tool may well have printed nothing; every other message has to say something. */
function isEmpty(message: ChatMessage): boolean {
  if (message.role === 'tool') return false;
  if (message.content !== null && message.content.trim() !== '') return false;
  if (message.role === 'assistant') return message.tool_calls === undefined;
  if (message.role === 'user') return message.parts === undefined;
  return true;
}

function brokenCall(call: { name: string; arguments: string }): string | undefined {
  if (!toolName.test(call.name)) return `name ${JSON.stringify(call.name)} must match ${toolName.source}`;
  try {
    JSON.parse(call.arguments);
    return undefined;
  } catch {
    return `arguments of ${call.name} are not JSON text`;
  }
}
