import type { EndReason } from '../../core/events.ts';
import type { ChatRequest } from './decode-request.ts';

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'function_call' | 'content_filter';

/**
 * Clients loop on this word alone, so it follows what the answer holds: with calls it is always `tool_calls` (or its
 * legacy twin), without calls never.
 */
export function encodeFinishReason(reason: EndReason, hasCalls: boolean, request: ChatRequest): FinishReason {
  if (hasCalls) return request.legacyFunctions ? 'function_call' : 'tool_calls';
  switch (reason) {
    case 'stop':
    case 'tool-calls':
      return 'stop';
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    default:
      return reason satisfies never;
  }
}
