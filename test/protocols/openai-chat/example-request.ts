import { type ChatRequest, decodeRequest } from '../../../src/protocols/openai-chat/decode-request.ts';

/** A decoded request whose answer is the same on each run. */
export function exampleRequest(fields: object = {}): ChatRequest {
  const request = decodeRequest({
    model: 'asked',
    messages: [{ role: 'user', content: 'Hello' }],
    tools: [
      { type: 'function', function: { name: 'read' } },
      { type: 'custom', custom: { name: 'patch' } },
    ],
    ...fields,
  });
  return { ...request, id: 'chatcmpl-1', created: 1_700_000_000 };
}
