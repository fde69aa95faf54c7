import type { ServerResponse } from 'node:http';
import type { StreamItem } from './chat-stream.ts';
import { breathe, Pace, untilAborted } from './pace.ts';
import type { Tearing } from './tearing.ts';

export interface SseWriting {
  /** Undefined: events are written whole, and many at once when nothing holds them back. */
  readonly tearing: Tearing | undefined;
  readonly lineEnd: '\n' | '\r\n';
  readonly chunksPerSecond?: number;
  readonly stallAfterChunks?: number;
  readonly resetAfterBytes?: number;
  readonly breakBy?: 'half-close' | 'end';
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Called just before this side resets the connection. */
  readonly onReset: () => void;
}

const batchLength = 16_384;

/** Writes the items as server-sent events and ends the response; returns early when the client leaves. */
export async function writeEvents(
  response: ServerResponse,
  items: Iterable<StreamItem>,
  writing: SseWriting,
): Promise<void> {
  const { signal, tearing } = writing;
  const pace = new Pace(writing.chunksPerSecond, signal);
  const output = new Output(response, writing);
  let chunks = 0;
  for (const item of items) {
    if (chunks++ === writing.stallAfterChunks) {
      await output.flush();
      await untilAborted(signal);
    }
    if (!pace.unlimited) await pace.next();
    if (signal.aborted) return;
    const batched = output.add(format(item, writing.lineEnd));
    if (batched < batchLength && tearing === undefined && pace.unlimited) continue;
    await output.flush();
    if (output.wasReset) return;
    if (tearing !== undefined) await breathe();
  }
  await output.flush();
  if (!signal.aborted && !output.wasReset) response.end();
}

function format(item: StreamItem, lineEnd: string): string | Buffer {
  if (item.kind === 'raw') return item.bytes;
  const name = item.name === undefined ? '' : `event:${item.name}${lineEnd}`;
  if (typeof item.data === 'string') return `${name}data:${item.data}${lineEnd}${lineEnd}`;
  return Buffer.concat([Buffer.from(`${name}data:`), item.data, Buffer.from(lineEnd + lineEnd)]);
}

/** Collects what is to be written, tears it, respects backpressure and cuts the connection where the scenario says. */
class Output {
  wasReset = false;
  readonly #response: ServerResponse;
  readonly #writing: SseWriting;
  #text = '';
  #bytes: Buffer[] = [];
  #sent = 0;

  constructor(response: ServerResponse, writing: SseWriting) {
    this.#response = response;
    this.#writing = writing;
  }

  /** The number of characters now waiting to be written. */
  add(piece: string | Buffer): number {
    if (typeof piece === 'string') this.#text += piece;
    else {
      this.#bytes.push(Buffer.from(this.#text), piece);
      this.#text = '';
    }
    return this.#text.length + this.#bytes.length;
  }

  async flush(): Promise<void> {
    const { resetAfterBytes, signal, tearing } = this.#writing;
    const text = this.#text;
    const bytes = [...this.#bytes, Buffer.from(text)];
    this.#text = '';
    this.#bytes = [];
    for (let block of bytes) {
      if (block.length === 0 || signal.aborted || this.wasReset) continue;
      const left = resetAfterBytes === undefined ? block.length : resetAfterBytes - this.#sent;
      const cut = left < block.length || (resetAfterBytes !== undefined && left === block.length);
      if (cut) block = block.subarray(0, left);
      for (const piece of tearing === undefined ? [block] : tearing.bytes(block)) await this.#write(piece);
      if (cut) await this.#reset();
    }
  }

  async #write(piece: Buffer): Promise<void> {
    this.#sent += piece.length;
    if (this.#writing.signal.aborted || this.#response.write(piece)) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        this.#response.off('drain', go);
        this.#response.off('close', go);
        resolve();
      };
      this.#response.on('drain', go);
      this.#response.on('close', go);
    });
  }

  async #reset(): Promise<void> {
    this.wasReset = true;
    await breathe();
    const { breakBy, onReset } = this.#writing;
    if (breakBy === 'end') this.#response.end();
    else if (breakBy === 'half-close') this.#response.socket?.end();
    else {
      onReset();
      this.#response.socket?.resetAndDestroy();
    }
  }
}
