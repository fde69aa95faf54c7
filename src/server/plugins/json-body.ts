import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { ProxyError } from '../../core/errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was sent, decompressed; '' when there was none. */
    bodyText: string;
  }
}

/**
 * Reads request bodies as JSON whatever their content type says: clients are careless with it, and pages of foreign origins
 * are refused elsewhere. Understands gzip, deflate, br, and zstd where the runtime has it; bounded before and after
 * decompression.
 */
export function jsonBody(app: FastifyInstance, limit: number): void {
  app.decorateRequest('bodyText', '');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: { bodyText: string }, payload: IncomingMessage) => {
    const announced = Number(payload.headers['content-length']);
    if (announced > limit) {
      payload.resume();
      throw tooLarge(limit);
    }
    request.bodyText = await readText(payload, limit);
    return parseJson(request.bodyText);
  });
}

async function readText(payload: IncomingMessage, limit: number): Promise<string> {
  const encoding = (payload.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decompress = decompressor(encoding);
  const source = decompress ? payload.pipe(decompress) : payload;
  const stop = (error: Error) => source.destroy(error);
  payload.once('error', stop);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    // What is still coming is thrown away, so that the client reads the answer instead of a reset.
    payload.unpipe();
    payload.resume();
    if (error instanceof ProxyError) throw error;
    throw new ProxyError(
      'invalid-request',
      `The request body could not be read as ${encoding}: ${reason(error)}.`,
      {
        cause: error,
      },
    );
  } finally {
    payload.off('error', stop);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

function decompressor(encoding: string): Transform | undefined {
  switch (encoding) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd': {
      const zstd = createZstd();
      if (zstd) return zstd;
      break;
    }
  }
  throw new ProxyError(
    'unsupported-media-type',
    `The request body is compressed as "${encoding.slice(0, 40)}", which this proxy cannot read here. Send it as gzip or uncompressed.`,
  );
}

/** Node has zstd since 22.15; extension hosts lag behind. */
function createZstd(): Transform | undefined {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return typeof create === 'function' ? create() : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw new ProxyError('invalid-request', `The request body is not valid JSON: ${reason(error)}.`, {
      cause: error,
    });
  }
}

function tooLarge(limit: number): ProxyError {
  return new ProxyError(
    'request-too-large',
    `The request body is larger than ${Math.floor(limit / 1_000_000)} MB. Compact or shorten the conversation, or raise body_limit in the settings of Lingma Proxy.`,
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200).replace(/\.$/, '') : 'unknown reason';
}
