import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { type WireText, wireTextOf } from '../core/wire-text.ts';

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // Reverse proxies such as nginx would otherwise gather the stream before passing it on.
  'x-accel-buffering': 'no',
};

/** How often silence is looked for: one slow clock a stream instead of a timer a chunk. Milliseconds. */
const heartbeatMs = 1_000;
/** A client that has taken nothing for so long will not come back, and must not keep its place for ever. Milliseconds. */
const longestStallMs = 600_000;

export interface EventStreamHooks {
  /** Hears all that goes out, in the pieces that were written together. */
  onText(pieces: readonly WireText[]): void;
  /** The dialect's sign of life. */
  keepAlive(): string;
}

/**
 * The client's side of one event stream. The status goes out with the first text, not before; after `keepAliveMs` of silence,
 * the first included, a sign of life does.
 */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #hooks: EventStreamHooks;
  readonly #keepAliveMs: number;
  readonly #clock: NodeJS.Timeout;
  #lastWrite = performance.now();
  #begun = false;

  constructor(reply: FastifyReply, keepAliveMs: number, hooks: EventStreamHooks) {
    this.#reply = reply;
    this.#keepAliveMs = keepAliveMs;
    this.#hooks = hooks;
    this.#clock = setInterval(() => this.#beat(), Math.min(heartbeatMs, keepAliveMs));
  }

  /** True once the status is out. */
  get begun(): boolean {
    return this.#begun;
  }

  /**
   * Sends text. `full`: the client reads slower than upstream writes; wait for `drained` before the next.
   */
  write(...pieces: readonly WireText[]): 'sent' | 'full' {
    const { raw } = this.#reply;
    const text = wireTextOf(...pieces);
    if (text === '' || raw.destroyed) return 'sent';
    if (!this.#begun) this.#begin();
    this.#lastWrite = performance.now();
    this.#hooks.onText(pieces);
    return raw.write(text) ? 'sent' : 'full';
  }

  /** Resolves when the client has taken what was written, has left, or need not be waited for any more. */
  async drained(signal: AbortSignal): Promise<void> {
    const { raw } = this.#reply;
    if (!raw.writableNeedDrain || raw.destroyed || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const settle = () => {
        raw.off('drain', settle).off('close', settle);
        signal.removeEventListener('abort', settle);
        resolve();
      };
      raw.on('drain', settle).on('close', settle);
      signal.addEventListener('abort', settle);
    });
  }

  end(): void {
    clearInterval(this.#clock);
    if (this.#begun) this.#reply.raw.end();
  }

  #begin(): void {
    this.#begun = true;
    const { raw } = this.#reply.hijack().headers(headers);
    // All at once: one that is set before costs Node twice as much.
    const all: OutgoingHttpHeaders = {};
    for (const [name, value] of Object.entries(this.#reply.getHeaders())) all[name] = value;
    raw.writeHead(200, all);
  }

  #beat(): void {
    const { raw } = this.#reply;
    const silentMs = performance.now() - this.#lastWrite;
    if (raw.writableNeedDrain) {
      if (silentMs >= longestStallMs) raw.destroy();
    } else if (silentMs >= this.#keepAliveMs) this.write(this.#hooks.keepAlive());
  }
}
