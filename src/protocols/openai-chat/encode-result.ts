import type { TurnResult } from '../../core/collect.ts';
import type { ToolCall } from '../../core/turn.ts';
import { customToolNames } from './custom-tool-names.ts';
import type { ChatRequest } from './decode-request.ts';
import { encodeUsage } from './encode-usage.ts';
import { encodeFinishReason } from './finish-reason.ts';

/** A whole answer as a `chat.completion`. A matched stop sequence is `stop_reason`, as other servers call it. */
export function encodeResult(result: TurnResult, request: ChatRequest): object {
  const texts: string[] = [];
  const thoughts: string[] = [];
  const calls: ToolCall[] = [];
  for (const part of result.content) {
    switch (part.type) {
      case 'text':
        texts.push(part.text);
        break;
      case 'reasoning':
        thoughts.push(part.text);
        break;
      case 'tool-call':
        calls.push(part);
        break;
      default:
        part satisfies never;
    }
  }
  return {
    id: request.id,
    object: 'chat.completion',
    created: request.created,
    model: result.model || request.turn.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
          refusal: null,
          ...(thoughts.length > 0 ? { reasoning_content: thoughts.join('') } : {}),
          ...encodeCalls(calls, request),
        },
        logprobs: null,
        finish_reason: encodeFinishReason(result.reason, calls.length > 0, request),
        ...(result.stopSequence === undefined ? {} : { stop_reason: result.stopSequence }),
      },
    ],
    usage: encodeUsage(result.usage),
  };
}

function encodeCalls(calls: readonly ToolCall[], request: ChatRequest): object {
  const [first] = calls;
  if (!first) return {};
  // A client from before `tools` can be told of one call only, and asked for no more than that.
  if (request.legacyFunctions) {
    return { function_call: { name: first.name, arguments: first.input || '{}' } };
  }
  const custom = customToolNames(request);
  return {
    tool_calls: calls.map((call) =>
      custom.has(call.name)
        ? { id: call.id, type: 'custom', custom: { name: call.name, input: call.input } }
        : { id: call.id, type: 'function', function: { name: call.name, arguments: call.input || '{}' } },
    ),
  };
}
