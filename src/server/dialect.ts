import type { IncomingHttpHeaders } from 'node:http';
import { tellFailure } from '../control/tell-failure.ts';
import type { ProxyError } from '../core/errors.ts';
import type { EncodedError } from '../core/protocol.ts';
import { encodeError as encodeAnthropicError } from '../protocols/anthropic/encode-error.ts';
import { encodeError as encodeChatError } from '../protocols/openai-chat/encode-error.ts';
import { encodeError as encodeResponsesError } from '../protocols/openai-responses/encode-error.ts';

/** What tells a request's dialect. */
export interface AskedPath {
  /** As the routes know it. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** The dialect in which this request expects an error: its path decides, else OpenAI's. This program's own windows get all of it. */
export function encodeErrorFor(request: AskedPath, error: ProxyError): EncodedError {
  const path = request.url.split('?', 1)[0] ?? '';
  if (/^\/v1\/messages(?:\/|$)/.test(path)) return encodeAnthropicError(error);
  if (/^\/v1\/models(?:\/|$)/.test(path) && request.headers['anthropic-version'] !== undefined) {
    return encodeAnthropicError(error);
  }
  if (/^(?:\/api)?\/v1\/responses(?:\/|$)/.test(path)) return encodeResponsesError(error);
  const encoded = encodeChatError(error);
  return path.startsWith('/control/') ? { ...encoded, body: { failure: tellFailure(error) } } : encoded;
}
