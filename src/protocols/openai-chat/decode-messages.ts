import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { AssistantContent, Message, ToolCall, ToolResult, UserContent } from '../../core/turn.ts';
import { decodeAssistantContent, decodeTextContent, decodeUserContent } from './decode-content.ts';
import { type ChatMessage, messageSchema } from './schema.ts';

export interface Conversation {
  /** The text blocks of the instructions that come before everything else. */
  readonly system: readonly string[];
  readonly messages: readonly Message[];
  /** Message fields that were present and have no effect. */
  readonly ignored: readonly string[];
}

/** The `messages` of a request as a conversation. Throws `invalid-request` or `unsupported-feature`. */
export function decodeMessages(messages: readonly unknown[]): Conversation {
  const decoder = new ConversationDecoder();
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`;
    decoder.add(parseWith(messageSchema, message, at), at);
  }
  return decoder.finish();
}

class ConversationDecoder {
  readonly #system: string[] = [];
  readonly #messages: Message[] = [];
  readonly #ignored = new Set<string>();
  /** The results being gathered: neighbouring `tool` messages are one user message. */
  #results: ToolResult[] | undefined;
  /** Legacy function calls carry no ids; results refer to them by name. */
  readonly #functionCallIds = new Map<string, string>();

  add(message: ChatMessage, at: string): void {
    if (typeof message.name === 'string' && message.role !== 'function') this.#ignored.add('messages[].name');
    if (message.role !== 'tool' && message.role !== 'function') this.#results = undefined;
    switch (message.role) {
      case 'system':
      case 'developer':
        this.#addInstruction(message, at);
        break;
      case 'user':
        this.#messages.push({ role: 'user', content: decodeUserMessage(message, at) });
        break;
      case 'assistant':
        this.#messages.push({ role: 'assistant', content: this.#decodeAssistant(message, at) });
        break;
      case 'tool':
        this.#addToolResult(message, at);
        break;
      case 'function':
        this.#addFunctionResult(message, at);
        break;
      default:
        throw new ProxyError(
          'invalid-request',
          `${at}.role is "${message.role.slice(0, 64)}"; system, developer, user, assistant and tool are possible.`,
          { param: `${at}.role` },
        );
    }
  }

  finish(): Conversation {
    return { system: this.#system, messages: this.#messages, ignored: [...this.#ignored] };
  }

  #addInstruction(message: ChatMessage, at: string): void {
    const content = decodeTextContent(message.content, `${at}.content`);
    if (content.length === 0) return;
    if (this.#messages.length === 0) this.#system.push(...content.map((part) => part.text));
    else this.#messages.push({ role: 'system', content });
  }

  #decodeAssistant(message: ChatMessage, at: string): AssistantContent[] {
    const content: AssistantContent[] = [];
    const thoughts = message.reasoning_content ?? message.reasoning;
    if (thoughts) content.push({ type: 'reasoning', text: thoughts });
    // Null is how an answer without text is written down; it needs something else to stand for the message.
    const said = message.content ?? undefined;
    if (said !== undefined) content.push(...decodeAssistantContent(said, `${at}.content`));
    if (message.refusal) content.push({ type: 'text', text: message.refusal });
    for (const [index, call] of (message.tool_calls ?? []).entries()) {
      content.push(decodeToolCall(call, `${at}.tool_calls[${index}]`));
    }
    if (message.function_call) content.push(this.#decodeFunctionCall(message.function_call));
    if (content.length > 0) return content;
    if (said === undefined) {
      throw new ProxyError(
        'invalid-request',
        `${at}.content must be a string or an array of parts; null is possible only in an assistant message with tool_calls.`,
        { param: `${at}.content` },
      );
    }
    return [{ type: 'text', text: '' }];
  }

  #decodeFunctionCall(call: NonNullable<ChatMessage['function_call']>): ToolCall {
    const id = `call_${this.#messages.length}`;
    this.#functionCallIds.set(call.name, id);
    return { type: 'tool-call', id, name: call.name, input: call.arguments || '{}' };
  }

  #addToolResult(message: ChatMessage, at: string): void {
    if (!message.tool_call_id) {
      throw new ProxyError(
        'invalid-request',
        `${at}.tool_call_id is missing: it says which call this answers.`,
        {
          param: `${at}.tool_call_id`,
        },
      );
    }
    this.#addResult(message.tool_call_id, decodeUserContent(message.content, `${at}.content`));
  }

  #addFunctionResult(message: ChatMessage, at: string): void {
    const name = message.name ?? '';
    const callId = this.#functionCallIds.get(name);
    if (callId === undefined) {
      throw new ProxyError('invalid-request', `${at}.name names no function that was called before.`, {
        param: `${at}.name`,
      });
    }
    // The official SDK types `null` here: a function that returned nothing.
    this.#addResult(callId, decodeUserContent(message.content ?? '', `${at}.content`));
  }

  #addResult(callId: string, content: ToolResult['content']): void {
    const result: ToolResult = { type: 'tool-result', callId, content };
    if (this.#results) {
      this.#results.push(result);
      return;
    }
    this.#results = [result];
    this.#messages.push({ role: 'user', content: this.#results });
  }
}

function decodeUserMessage(message: ChatMessage, at: string): UserContent[] {
  const content = decodeUserContent(message.content, `${at}.content`);
  return content.length === 0 ? [{ type: 'text', text: '' }] : content;
}

function decodeToolCall(call: NonNullable<ChatMessage['tool_calls']>[number], at: string): ToolCall {
  if (call.custom) {
    return { type: 'tool-call', id: call.id, name: call.custom.name, input: call.custom.input ?? '' };
  }
  if (call.function) {
    return {
      type: 'tool-call',
      id: call.id,
      name: call.function.name,
      input: call.function.arguments || '{}',
    };
  }
  throw new ProxyError('invalid-request', `${at} has neither function nor custom.`, {
    param: `${at}.function`,
  });
}
