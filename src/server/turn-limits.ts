import { ProxyError } from '../core/errors.ts';
import type { Turn } from '../core/turn.ts';

/** Far above what agents send in their longest sessions; each of them is walked several times. */
const mostMessages = 20_000;
const mostTools = 2_000;

/** Throws `invalid-request` for a turn of more messages or tools than anybody means to send. */
export function checkTurnSize({ messages, tools }: Turn): void {
  if (messages.length > mostMessages) {
    throw new ProxyError(
      'invalid-request',
      `The request has ${messages.length} messages, and at most ${mostMessages} are possible. Compact or shorten the conversation.`,
    );
  }
  if (tools.length > mostTools) {
    throw new ProxyError(
      'invalid-request',
      `The request has ${tools.length} tools, and at most ${mostTools} are possible. Send fewer.`,
    );
  }
}
