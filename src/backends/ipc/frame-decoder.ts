import { isUtf8 } from 'node:buffer';
import { ProxyError } from '../../core/errors.ts';
import { type Phrase, phrase } from '../../core/localizer.ts';
import type { MessageText } from './message-text.ts';

/** Bytes that a header may take before it counts as garbage. */
const maxHeaderBytes = 8 * 1024;
const headerEnd = '\r\n\r\n';

/** A JSON-RPC message in UTF-8 with the `Content-Length` header (bytes) that both transports put before it. */
export function encodeFrame({ parts, base64 }: MessageText): Buffer {
  let length = 0;
  for (const part of parts) length += Buffer.byteLength(part);
  for (const piece of base64) length += piece.length;
  const header = `Content-Length: ${length}${headerEnd}`;
  const frame = Buffer.allocUnsafe(header.length + length);
  let at = frame.write(header, 'latin1');
  for (const [index, part] of parts.entries()) {
    at += frame.write(part, at);
    at += frame.write(base64[index] ?? '', at, 'latin1');
  }
  return frame;
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
    let at = 0;
    while (at < chunk.length)
      at = this.#body ? this.#fill(this.#body, chunk, at) : this.#readHeader(chunk, at);
  }

  /** Both read from the chunk at a place, and return the place up to which they have read. */
  #readHeader(chunk: Buffer, at: number): number {
    const known = this.#header.length;
    const plain = known === 0 ? readPlainHeader(chunk, at) : undefined;
    if (plain) return this.#beginBody(chunk, plain.end, plain.length);
    const rest = chunk.subarray(at, at + maxHeaderBytes + headerEnd.length);
    const bytes = known === 0 ? rest : Buffer.concat([this.#header, rest]);
    const end = bytes.indexOf(headerEnd, Math.max(0, known - headerEnd.length + 1), 'latin1');
    if (end < 0 || end > maxHeaderBytes) {
      if (bytes.length > maxHeaderBytes) throw badFrame(phrase('a header that does not end'));
      this.#header = bytes;
      return chunk.length;
    }
    this.#header = Buffer.alloc(0);
    const length = this.#bodyLength(bytes.toString('latin1', 0, end));
    return this.#beginBody(chunk, at + end + headerEnd.length - known, length);
  }

  #beginBody(chunk: Buffer, at: number, length: number): number {
    if (length > this.#maxFrameBytes) {
      throw badFrame(
        phrase('a message of {0} bytes, more than the {1} allowed', length, this.#maxFrameBytes),
      );
    }
    if (chunk.length - at >= length) {
      this.#onFrame(textOf(chunk, at, at + length));
      return at + length;
    }
    this.#body = Buffer.allocUnsafe(length);
    this.#filled = 0;
    return at;
  }

  #fill(body: Buffer, chunk: Buffer, at: number): number {
    const copied = chunk.copy(body, this.#filled, at);
    this.#filled += copied;
    if (this.#filled === body.length) {
      this.#body = undefined;
      this.#onFrame(textOf(body, 0, body.length));
    }
    return at + copied;
  }

  #bodyLength(header: string): number {
    const digits = /^content-length:[ \t]*(\d{1,15})[ \t]*$/im.exec(header)?.[1];
    if (digits === undefined) throw badFrame(phrase('a header without Content-Length'));
    return Number(digits);
  }
}

/** Broken bytes decode to U+FFFD, which a model may also have written. */
function textOf(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  if (text.includes('\uFFFD') && !isUtf8(bytes.subarray(start, end)))
    throw badFrame(phrase('a message that is not UTF-8'));
  return text;
}

const plainStart = Buffer.from('Content-Length: ');
const plainEnd = Buffer.from(headerEnd);

/** Reads a header that is whole and as it mostly is, without making a string of it: each chunk of an answer has one. */
function readPlainHeader(bytes: Buffer, at: number): { length: number; end: number } | undefined {
  if (!startsAt(bytes, at, plainStart)) return undefined;
  let length = 0;
  let digit = at + plainStart.length;
  for (; digit < at + plainStart.length + 9; digit++) {
    const value = (bytes[digit] ?? 0) - 48;
    if (value < 0 || value > 9) break;
    length = length * 10 + value;
  }
  if (digit === at + plainStart.length || !startsAt(bytes, digit, plainEnd)) return undefined;
  return { length, end: digit + plainEnd.length };
}

function startsAt(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let index = 0; index < expected.length; index++) {
    if (bytes[at + index] !== expected[index]) return false;
  }
  return true;
}

function badFrame(what: Phrase): ProxyError {
  return new ProxyError(
    'upstream-protocol',
    phrase(
      'The Lingma / QoderCN runtime sent {0}, so the connection to it was closed. Send the request again; if this repeats, restart Lingma / QoderCN.',
      what,
    ),
    { retryAfterSeconds: 1 },
  );
}
