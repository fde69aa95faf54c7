import type { Dispatcher } from 'undici';
import { decompressed } from './decompressed.ts';
import { ReceivedBody, type ResponseBody } from './response-body.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for none. */
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ResponseBody;
}

/**
 * Sends one request; resolves with the answer's head. Rejects with undici's own errors, and with the signal's reason when that is
 * aborted, which closes the connection. On undici's `dispatch`, as the stream that its `request` makes of a body costs more than
 * all else that is done for a chunk.
 */
export function sendHttp(dispatcher: Dispatcher, outgoing: HttpRequest): Promise<HttpResponse> {
  const { method, headers, body, signal } = outgoing;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const { origin, pathname, search } = new URL(outgoing.url);
    const received = new ReceivedBody();
    const onAbort = () => {
      received.abort(signal.reason);
      reject(signal.reason);
    };
    const settle = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort, { once: true });
    const request = {
      origin,
      path: pathname + search,
      method,
      headers,
      body: body.byteLength === 0 ? null : body,
    };
    dispatcher.dispatch(request, {
      onRequestStart: (controller) => received.begin(controller),
      onResponseStart(_controller, status, responseHeaders) {
        // An informational answer is followed by the real one.
        if (status < 200) return;
        const plain = plainHeaders(responseHeaders);
        resolve({ status, headers: plain, body: decompressed(received, plain['content-encoding'] ?? '') });
      },
      onResponseData: (_controller, chunk) => received.add(chunk),
      onResponseEnd() {
        settle();
        received.end();
      },
      onResponseError(_controller, error) {
        settle();
        received.fail(error);
        reject(error);
      },
    });
  });
}

/** The body as text, at most `limit` bytes of it; what is beyond is cut off and the connection closed. */
export async function readText(body: ResponseBody, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (let chunks = await body.read(); chunks !== undefined; chunks = await body.read()) {
    for (const chunk of chunks) {
      text += decoder.decode(chunk.subarray(0, Math.max(0, limit - bytes)), { stream: true });
      bytes += chunk.byteLength;
    }
    if (bytes >= limit) {
      body.destroy();
      break;
    }
  }
  return text + decoder.decode();
}

function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return plain;
}
