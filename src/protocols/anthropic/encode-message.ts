import { randomUUID } from 'node:crypto';
import type { EndReason } from '../../core/events.ts';

/** An id for an answer, in Anthropic's form. */
export function newMessageId(): string {
  return `msg_${randomUUID().replaceAll('-', '')}`;
}

/** What every message holds before a word of it is known. */
export function encodeMessageShell(id: string, model: string) {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
  };
}

/** The fields that say why an answer ended: `tool_use` whenever it holds calls. */
export function encodeStop(
  end: { readonly reason: EndReason; readonly stopSequence?: string },
  hasCalls: boolean,
) {
  const reason = stopReason(end, hasCalls);
  return {
    stop_reason: reason,
    stop_sequence: reason === 'stop_sequence' ? end.stopSequence : null,
    stop_details: reason === 'refusal' ? { type: 'refusal', category: null, explanation: null } : null,
  };
}

function stopReason(
  end: { readonly reason: EndReason; readonly stopSequence?: string },
  hasCalls: boolean,
): string {
  if (hasCalls) return 'tool_use';
  switch (end.reason) {
    case 'stop':
    case 'tool-calls':
      return end.stopSequence === undefined ? 'end_turn' : 'stop_sequence';
    case 'length':
      return 'max_tokens';
    case 'content-filter':
      return 'refusal';
    default:
      return end.reason satisfies never;
  }
}

/** The input of a finished call, or undefined when its text is not a JSON object; no text at all means no arguments. */
export function parseCallInput(input: string): object | undefined {
  if (input.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(input);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
