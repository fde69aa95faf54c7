import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';

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
  /** Decompressed bytes. Destroying it closes the connection. */
  readonly body: Readable;
  /** Lets a body that is about to end do so, so that its connection can serve the next request; else closes it. */
  release(): void;
}

/** Bytes and time that an answer gets to end by itself once nobody needs the rest. */
const mostBytesToRelease = 64 * 1024;
const releaseMs = 1_000;

/** Sends one request; resolves with the answer's head. Rejects with undici's own errors. */
export async function sendHttp(dispatcher: Dispatcher, outgoing: HttpRequest): Promise<HttpResponse> {
  const { origin, pathname, search } = new URL(outgoing.url);
  const { statusCode, headers, body } = await dispatcher.request({
    origin,
    path: pathname + search,
    method: outgoing.method,
    headers: outgoing.headers,
    body: outgoing.body.byteLength === 0 ? null : outgoing.body,
    signal: outgoing.signal,
  });
  const plain = plainHeaders(headers);
  const decompressed = decompress(body, plain['content-encoding'] ?? '');
  return {
    status: statusCode,
    headers: plain,
    body: decompressed,
    release() {
      if (body.readableEnded || body.destroyed) return;
      const timer = setTimeout(() => body.destroy(), releaseMs);
      body.once('close', () => clearTimeout(timer));
      body.dump({ limit: mostBytesToRelease }).catch(() => body.destroy());
    },
  };
}

/** The body as text, at most `limit` bytes of it; what is beyond is cut off and the connection closed. */
export async function readText(body: Readable, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    text += decoder.decode(chunk.subarray(0, limit - bytes), { stream: true });
    bytes += chunk.byteLength;
    if (bytes >= limit) break;
  }
  return text + decoder.decode();
}

function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return plain;
}

/** We ask for no compression, but a gateway may compress anyway. */
function decompress(body: Readable, encoding: string): Readable {
  const decoder = decompressor(encoding.trim().toLowerCase());
  if (!decoder) return body;
  body.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => body.destroy());
  return body.pipe(decoder);
}

function decompressor(encoding: string) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}
