import { createHash } from 'node:crypto';
import type { Message, Turn } from '../core/turn.ts';

/** Headers in which clients send the id of a conversation: Claude Code, Codex, OpenCode, and what others have taken up. */
const sessionHeaders = [
  'x-claude-code-session-id',
  'thread-id',
  'thread_id',
  'session-id',
  'session_id',
  'conversation_id',
  'x-opencode-session',
  'x-session-id',
  'x-session-affinity',
];

/** Characters of each text that an id is made from. */
const longestBeginning = 16_384;

/** The client's own id of its conversation, as its headers tell it. */
export function sessionIdInHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string | undefined {
  for (const name of sessionHeaders) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** What the requests of one conversation have in common. */
export interface ConversationBeginning {
  readonly system: readonly string[];
  readonly first: Message | undefined;
}

export function beginningOf({ system, messages }: Turn): ConversationBeginning {
  return { system, first: messages.find(({ role }) => role === 'user') };
}

/** An id for a conversation whose client gives none: the same for all requests that begin alike. */
export function sessionIdOf({ system, first }: ConversationBeginning): string {
  const texts = [...system];
  for (const part of first?.content ?? []) if (part.type === 'text') texts.push(part.text);
  const beginning = texts.map((text) => `${text.slice(0, longestBeginning)}\0`).join('');
  return `conversation-${createHash('sha256').update(beginning).digest('hex').slice(0, 12)}`;
}
