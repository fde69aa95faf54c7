import type { Protocol } from '../../core/protocol.ts';
import { decodeMessagesRequest, type MessagesRequest } from './decode-request.ts';
import { encodeError } from './encode-error.ts';
import { encodeMessagesResult } from './encode-result.ts';
import { MessagesStreamEncoder } from './encode-stream.ts';

/** Anthropic's Messages API, as its SDK 1.12 and Claude Code 2.1 speak it. */
export const anthropicMessages: Protocol<MessagesRequest> = {
  name: 'messages',
  decodeRequest: (body) => decodeMessagesRequest(body),
  createStreamEncoder: (request) => new MessagesStreamEncoder(request),
  encodeResult: (result, request) => encodeMessagesResult(result, request),
  encodeError,
};

export { decodeCountTokensRequest, encodeTokenCount } from './count-tokens.ts';
