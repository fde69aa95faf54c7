import { isUtf8 } from 'node:buffer';
import { ProxyError } from '../../core/errors.ts';

/** Bytes that a header may take before it counts as garbage. */
const maxHeaderBytes = 8 * 1024;
const headerEnd = '\r\n\r\n';

/** A JSON-RPC body with the `Content-Length` header (bytes of UTF-8) that both transports put before it. */
export function encodeFrame(body: string): string {
  return `Content-Length: ${Buffer.byteLength(body)}${headerEnd}${body}`;
}

/**
 * Cuts a byte stream into `Content-Length` frames, however the stream is torn. Linear in the bytes received, and bounded:
 * a frame that announces more than `maxFrameBytes`, or a header that is none, is an `upstream-protocol` error, after which
 * the stream cannot be read further.
 */
export class FrameDecoder {
  readonly #maxFrameBytes: number;
  readonly #onFrame: (body: string) => void;
  #header: Buffer = Buffer.alloc(0);
  /** The body being filled; undefined while a header is read. */
  #body: Buffer | undefined;
  #filled = 0;

  constructor(maxFrameBytes: number, onFrame: (body: string) => void) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#onFrame = onFrame;
  }

  /** Takes the next bytes and calls back for each frame that they complete. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#body ? this.#fill(this.#body, rest) : this.#readHeader(rest);
  }

  #readHeader(chunk: Buffer): Buffer {
    const known = this.#header.length;
    const bytes = known === 0 ? chunk : Buffer.concat([this.#header, chunk.subarray(0, maxHeaderBytes)]);
    const end = bytes.indexOf(headerEnd, Math.max(0, known - headerEnd.length + 1), 'latin1');
    if (end < 0 || end > maxHeaderBytes) {
      if (bytes.length > maxHeaderBytes) throw badFrame('a header that does not end');
      this.#header = bytes;
      return chunk.subarray(chunk.length);
    }
    this.#header = Buffer.alloc(0);
    const length = this.#bodyLength(bytes.toString('latin1', 0, end));
    const consumed = end + headerEnd.length - known;
    if (chunk.length - consumed >= length) {
      this.#onFrame(textOf(chunk.subarray(consumed, consumed + length)));
      return chunk.subarray(consumed + length);
    }
    this.#body = Buffer.allocUnsafe(length);
    this.#filled = 0;
    return chunk.subarray(consumed);
  }

  #fill(body: Buffer, chunk: Buffer): Buffer {
    const copied = chunk.copy(body, this.#filled);
    this.#filled += copied;
    if (this.#filled === body.length) {
      this.#body = undefined;
      this.#onFrame(textOf(body));
    }
    return chunk.subarray(copied);
  }

  #bodyLength(header: string): number {
    const digits = /^content-length:[ \t]*(\d{1,15})[ \t]*$/im.exec(header)?.[1];
    if (digits === undefined) throw badFrame('a header without Content-Length');
    const length = Number(digits);
    if (length > this.#maxFrameBytes) {
      throw badFrame(`a message of ${length} bytes, more than the ${this.#maxFrameBytes} allowed`);
    }
    return length;
  }
}

/** Broken bytes decode to U+FFFD, which a model may also have written. */
function textOf(body: Buffer): string {
  const text = body.toString('utf8');
  if (text.includes('\uFFFD') && !isUtf8(body)) throw badFrame('a message that is not UTF-8');
  return text;
}

function badFrame(what: string): ProxyError {
  return new ProxyError(
    'upstream-protocol',
    `The Lingma / QoderCN runtime sent ${what}, so the connection to it was closed. Send the request again; if this repeats, restart Lingma / QoderCN.`,
    { retryAfterSeconds: 1 },
  );
}
