import type { Turn } from '../../core/turn.ts';
import { decodeMessagesRequest } from './decode-request.ts';

/** The body of `POST /v1/messages/count_tokens`. What could not be answered is still counted. Throws `invalid-request`. */
export function decodeCountTokensRequest(body: unknown): Turn {
  return decodeMessagesRequest(body, 'count').turn;
}

/** The answer of `POST /v1/messages/count_tokens`. */
export function encodeTokenCount(tokens: number): object {
  return { input_tokens: tokens };
}
