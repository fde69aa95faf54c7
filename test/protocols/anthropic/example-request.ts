import {
  decodeMessagesRequest,
  type MessagesRequest,
} from '../../../src/protocols/anthropic/decode-request.ts';

/** A decoded request, its body completed with what every request has. */
export function decode(fields: Readonly<Record<string, unknown>> = {}): MessagesRequest {
  return decodeMessagesRequest({ model: 'kmodel', max_tokens: 100, messages: [userSays('hi')], ...fields });
}

export function userSays(content: unknown) {
  return { role: 'user', content };
}

export function assistantSays(content: unknown) {
  return { role: 'assistant', content };
}
