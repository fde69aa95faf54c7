import type { Protocol } from '../../core/protocol.ts';
import { type ChatRequest, decodeRequest } from './decode-request.ts';
import { encodeError } from './encode-error.ts';
import { encodeResult } from './encode-result.ts';
import { ChatStreamEncoder } from './encode-stream.ts';

/** OpenAI's Chat Completions API. */
export const openAiChat: Protocol<ChatRequest> = {
  name: 'openai-chat',
  decodeRequest,
  createStreamEncoder: (request) => new ChatStreamEncoder(request),
  encodeResult,
  encodeError,
};
