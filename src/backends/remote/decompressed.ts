import { pipeline, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { ResponseBody } from './response-body.ts';

/** A body without its content encoding. We ask for no compression, but a gateway may compress anyway. */
export function decompressed(body: ResponseBody, encoding: string): ResponseBody {
  const decoder = decompressor(encoding.trim().toLowerCase());
  if (!decoder) return body;
  // Errors reach whoever reads.
  pipeline(chunksOf(body), decoder, () => {});
  const pieces = decoder[Symbol.asyncIterator]();
  const destroy = () => {
    body.destroy();
    decoder.destroy();
  };
  return {
    async read() {
      const { done, value } = await pieces.next();
      return done === true ? undefined : [value];
    },
    release: destroy,
    destroy,
  };
}

async function* chunksOf(body: ResponseBody): AsyncGenerator<Uint8Array> {
  for (let chunks = await body.read(); chunks !== undefined; chunks = await body.read()) yield* chunks;
}

function decompressor(encoding: string): Transform | undefined {
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
