import type { TurnResult } from '../../core/collect.ts';
import type { AssistantContent } from '../../core/turn.ts';
import {
  callIdPrefix,
  callItem,
  callShape,
  completeInput,
  type ItemStatus,
  messageItem,
  type OutputItem,
  reasoningItem,
} from './output-items.ts';
import { incompleteReason, responseHead } from './response-object.ts';
import type { ResponseStore } from './response-store.ts';
import type { ResponsesRequest } from './responses-request.ts';

/** A whole answer as a response object, kept in the store unless the client forbids it. `at` is unix seconds. */
export function encodeResult(
  result: TurnResult,
  request: ResponsesRequest,
  store: ResponseStore,
  at: number,
): object {
  const { reason, usage } = result;
  const content = result.content.filter((part) => isShown(part, request));
  const output = content.map((part, index) => {
    const isCut = incompleteReason(reason) !== undefined && index === content.length - 1;
    return encodePart(part, isCut ? 'incomplete' : 'completed', request);
  });
  if (request.conversation !== undefined) {
    const conversation = [...request.conversation, ...output];
    store.save({ id: request.responseId, conversation, output });
  }
  const model = result.model === '' ? request.turn.model : result.model;
  const outcome = { status: 'ended', reason, usage, at } as const;
  return { ...responseHead(request, { model, output, outcome }), ...request.echo };
}

function isShown(part: AssistantContent, request: ResponsesRequest): boolean {
  switch (part.type) {
    case 'reasoning':
      return request.turn.reasoning !== undefined;
    case 'text':
      return part.text !== '';
    case 'tool-call':
      return true;
    default:
      return part satisfies never;
  }
}

function encodePart(part: AssistantContent, status: ItemStatus, request: ResponsesRequest): OutputItem {
  switch (part.type) {
    case 'text':
      return messageItem(request.itemId('msg'), status, part.text);
    case 'reasoning': {
      const encrypted = request.includeEncryptedReasoning ? { signature: part.signature } : undefined;
      return reasoningItem(request.itemId('rs'), status, part.text, encrypted);
    }
    case 'tool-call': {
      const shape = callShape(part, request.callKinds);
      const id = request.itemId(callIdPrefix(shape));
      return callItem(id, status, part, completeInput(shape, part.input), request.callKinds);
    }
    default:
      return part satisfies never;
  }
}
