import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { AssistantContent, Message, Text, UserContent } from '../../core/turn.ts';
import { withoutAttribution } from './attribution.ts';
import { decodeContent, decodeEach, texts } from './decode-content.ts';
import type { DecodeContext } from './decode-context.ts';
import {
  type Block,
  type MessageBody,
  messageSchema,
  redactedThinkingBlockSchema,
  textBlockSchema,
  thinkingBlockSchema,
  toolResultBlockSchema,
  toolUseBlockSchema,
} from './schema.ts';
import { isOwnSignature } from './thinking-signature.ts';

export interface Conversation {
  /** The instructions that come before the first other message. */
  readonly system: readonly string[];
  /** Messages with content; one that says nothing is left out. */
  readonly messages: readonly Message[];
}

/** The `system` and `messages` fields. Instructions at the head of `messages` join `system`; later ones stay in their place. */
export function decodeConversation(
  system: string | readonly unknown[] | null | undefined,
  messages: readonly unknown[],
  context: DecodeContext,
): Conversation {
  const instructions = decodeInstructions(system, 'system', context).map(({ text }) => text);
  const parsed = messages.map((message, index) => parseWith(messageSchema, message, `messages[${index}]`));
  const lastUser = parsed.findLastIndex(({ role }) => role === 'user');
  const conversation: Message[] = [];
  for (const [index, body] of parsed.entries()) {
    const message = decodeMessage(body, `messages[${index}]`, context);
    if (message.role === 'system') {
      // Such an instruction holds only for the user turn that it follows.
      if (body.clear_at === 'next_user_message' && index < lastUser) continue;
      if (conversation.length === 0) {
        for (const { text } of message.content) instructions.push(text);
        continue;
      }
    }
    if (message.content.length > 0) conversation.push(message);
  }
  return { system: instructions, messages: conversation };
}

function decodeMessage(body: MessageBody, at: string, context: DecodeContext): Message {
  const { role, content, output_config } = body;
  const place = `${at}.content`;
  switch (role) {
    case 'user':
      return {
        role,
        content: decodeEach(content, place, (block, where) => decodeUserBlock(block, where, context)),
      };
    case 'assistant':
      return {
        role,
        content: decodeEach(content, place, (block, where) => decodeAssistantBlock(block, where, context)),
      };
    case 'system':
      if (output_config?.effort) context.effort = output_config.effort;
      return { role, content: decodeInstructions(content, place, context) };
    default:
      return role satisfies never;
  }
}

function decodeInstructions(
  content: string | readonly unknown[] | null | undefined,
  at: string,
  context: DecodeContext,
): Text[] {
  return decodeEach(content, at, (block, place) =>
    textOnly(decodeContent(block, place, context), block, context).flatMap(({ text }) =>
      texts(withoutAttribution(text)),
    ),
  );
}

function decodeUserBlock(block: Block, at: string, context: DecodeContext): UserContent[] {
  if (block.type === 'tool_use') throw misplaced(block, at, 'an assistant message');
  if (block.type !== 'tool_result') return decodeContent(block, at, context);
  const { tool_use_id, content, is_error } = parseWith(toolResultBlockSchema, block, at);
  return [
    {
      type: 'tool-result',
      callId: tool_use_id,
      content: decodeEach(content, `${at}.content`, (inner, place) => decodeContent(inner, place, context)),
      ...(is_error === true ? { isError: true } : {}),
    },
  ];
}

function decodeAssistantBlock(block: Block, at: string, context: DecodeContext): AssistantContent[] {
  switch (block.type) {
    case 'text':
      return texts(parseWith(textBlockSchema, block, at).text);
    case 'thinking': {
      const { thinking, signature } = parseWith(thinkingBlockSchema, block, at);
      const foreign = signature && !isOwnSignature(signature) ? { signature } : {};
      return [{ type: 'reasoning', text: thinking, ...foreign }];
    }
    case 'redacted_thinking': {
      const { data } = parseWith(redactedThinkingBlockSchema, block, at);
      return [{ type: 'reasoning', text: '', signature: data }];
    }
    case 'tool_use': {
      const { id, name, input } = parseWith(toolUseBlockSchema, block, at);
      return [{ type: 'tool-call', id, name, input: JSON.stringify(input ?? {}) }];
    }
    case 'tool_result':
      throw misplaced(block, at, 'a user message');
    default:
      return textOnly(decodeContent(block, at, context), block, context);
  }
}

function textOnly(content: ReturnType<typeof decodeContent>, block: Block, context: DecodeContext): Text[] {
  const kept = content.filter((part) => part.type === 'text');
  if (kept.length < content.length) context.ignore(`messages[].content[].type=${block.type}`);
  return kept;
}

function misplaced(block: Block, at: string, home: string): ProxyError {
  return new ProxyError('invalid-request', `${at}: a ${block.type} block belongs in ${home}.`, { param: at });
}
