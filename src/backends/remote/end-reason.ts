import type { EndReason } from '../../core/events.ts';

/** What upstream's `finish_reason` means; undefined for one that is not known. Without any, an answer has simply ended. */
export function endReason(finishReason: string | undefined): EndReason | undefined {
  switch (finishReason) {
    case undefined:
    case 'stop':
      return 'stop';
    case 'length':
      return 'length';
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls';
    case 'content_filter':
      return 'content-filter';
    default:
      return undefined;
  }
}
