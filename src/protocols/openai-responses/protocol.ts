import type { Protocol } from '../../core/protocol.ts';
import { decodeRequest, type Origin } from './decode-request.ts';
import { encodeError } from './encode-error.ts';
import { encodeResult } from './encode-result.ts';
import { ResponsesStreamEncoder } from './encode-stream.ts';
import type { ResponseStore } from './response-store.ts';
import type { ResponsesRequest } from './responses-request.ts';

const systemOrigin: Origin = {
  newId: () => crypto.randomUUID().replaceAll('-', ''),
  unixSeconds: () => Math.floor(Date.now() / 1000),
};

/** OpenAI's Responses API. Answers are kept in `store` for `previous_response_id` and `item_reference`. */
export function createOpenAiResponses(
  store: ResponseStore,
  origin: Origin = systemOrigin,
): Protocol<ResponsesRequest> {
  return {
    name: 'openai-responses',
    decodeRequest: (body) => decodeRequest(body, store, origin),
    createStreamEncoder: (request) => new ResponsesStreamEncoder(request, store, origin.unixSeconds),
    encodeResult: (result, request) => encodeResult(result, request, store, origin.unixSeconds()),
    encodeError,
  };
}
