import Anthropic from '@anthropic-ai/sdk';

/** Anthropic's own client, answered by `respond` instead of a network. */
export function sdkClient(respond: (request: Request) => Response | Promise<Response>): Anthropic {
  return new Anthropic({
    apiKey: 'test',
    baseURL: 'http://127.0.0.1:1',
    maxRetries: 0,
    fetch: async (input, init) => respond(new Request(String(input), init as RequestInit)),
  });
}

/** An event stream whose bytes arrive `step` at a time. */
export function eventStream(text: string, step = text.length): Response {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + step));
      at += step;
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}
