import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import zlib from 'node:zlib';
import { ProxyError } from '../../core/errors.ts';

/**
 * Reads a request's body to its end, as text. Understands gzip, deflate, br, and zstd where the runtime has it. Throws
 * `request-too-large` beyond `limit` bytes, before or after decompression, and what `hold` throws, which is told of all that is kept;
 * what is still coming is then received and thrown away, so that the client reads the answer instead of a reset.
 */
export async function readBody(
  payload: IncomingMessage,
  limit: number,
  hold: (bytes: number) => void,
): Promise<string> {
  const encoding = (payload.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decompress = decompressor(encoding);
  try {
    if (Number(payload.headers['content-length']) > limit) throw tooLarge(limit);
    return decompress
      ? await readDecompressed(payload, decompress, limit, hold)
      : await readText(payload, limit, hold);
  } catch (error) {
    payload.resume();
    throw asProxyError(error, payload, encoding);
  }
}

async function readDecompressed(
  payload: IncomingMessage,
  decompress: Transform,
  limit: number,
  hold: (bytes: number) => void,
): Promise<string> {
  const stop = (error: Error) => decompress.destroy(error);
  payload.once('error', stop);
  try {
    return await readText(payload.pipe(decompress), limit, hold);
  } finally {
    payload.off('error', stop);
    payload.unpipe(decompress);
    decompress.destroy();
  }
}

/**
 * By its events, which cost less than its iterator; and leaving that would destroy the request, its connection and the answer. Made
 * text as it comes: what is far from ASCII takes as long for that as for all else, and most of it has come before its end.
 */
function readText(source: Readable, limit: number, hold: (bytes: number) => void): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let size = 0;
  let isGivenUp = false;
  return new Promise((resolve, reject) => {
    source.on('data', (chunk: Buffer) => {
      if (isGivenUp) return;
      size += chunk.length;
      try {
        if (size > limit) throw tooLarge(limit);
        hold(chunk.length);
        text += decoder.write(chunk);
      } catch (error) {
        isGivenUp = true;
        text = '';
        reject(error);
      }
    });
    source.on('end', () => resolve(text + decoder.end()));
    source.on('error', reject);
    source.on('close', () => {
      if (!source.readableEnded) reject(new Error('it broke off'));
    });
  });
}

function decompressor(encoding: string): Transform | undefined {
  const chunkSize = 64 * 1_024;
  switch (encoding) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ chunkSize });
    case 'deflate':
      return zlib.createInflate({ chunkSize });
    case 'br':
      return zlib.createBrotliDecompress({ chunkSize });
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

function asProxyError(error: unknown, payload: IncomingMessage, encoding: string): ProxyError {
  if (error instanceof ProxyError) return error;
  if (payload.destroyed && !payload.complete) {
    return new ProxyError('cancelled', 'The client closed the connection before its request was complete.', {
      cause: error,
    });
  }
  const reason = error instanceof Error ? error.message.slice(0, 200).replace(/\.$/, '') : 'unknown reason';
  return new ProxyError('invalid-request', `The request body could not be read as ${encoding}: ${reason}.`, {
    cause: error,
  });
}

function tooLarge(limit: number): ProxyError {
  return new ProxyError(
    'request-too-large',
    `The request body is larger than the ${Math.floor(limit / 1_000_000)} MB that this proxy accepts. Compact or shorten the conversation, or raise body_limit_mb in the settings of Lingma Proxy.`,
  );
}
