import type { TurnResult } from '../../core/collect.ts';
import { ProxyError } from '../../core/errors.ts';
import type { AssistantContent } from '../../core/turn.ts';
import type { MessagesRequest } from './decode-request.ts';
import { encodeMessageShell, encodeStop, newMessageId, parseCallInput } from './encode-message.ts';
import { encodeUsage } from './encode-usage.ts';
import { signThinking } from './thinking-signature.ts';

/**
 * A whole answer as a Messages response. Thoughts are left out unless the request asked for them, and so is a call that
 * the output limit cut off. Throws `upstream-protocol` for a finished call whose arguments are not a JSON object.
 */
export function encodeMessagesResult(
  result: TurnResult,
  request: MessagesRequest,
  id: string = newMessageId(),
): object {
  const parts = result.content.filter(
    (part) => part.type !== 'reasoning' || request.turn.reasoning !== undefined,
  );
  const content = parts.flatMap((part) => encodePart(part, result.reason === 'length'));
  const hasCalls = content.some((block) => block.type === 'tool_use');
  return {
    ...encodeMessageShell(id, result.model || request.turn.model),
    content,
    ...encodeStop(result, hasCalls),
    usage: encodeUsage(result.usage),
  };
}

type ContentBlock =
  | { type: 'text'; text: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'tool_use'; id: string; name: string; input: object };

function encodePart(part: AssistantContent, cutOff: boolean): ContentBlock[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'reasoning': {
      const signature = part.signature ?? signThinking(part.text);
      return [{ type: 'thinking', thinking: part.text, signature }];
    }
    case 'tool-call': {
      const input = parseCallInput(part.input);
      if (input) return [{ type: 'tool_use', id: part.id, name: part.name, input }];
      if (cutOff) return [];
      throw new ProxyError(
        'upstream-protocol',
        `The model called the tool "${part.name}" with arguments that are not a JSON object. Send the request again.`,
        { retryAfterSeconds: 1 },
      );
    }
    default:
      return part satisfies never;
  }
}
