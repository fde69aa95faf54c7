import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunContext } from '../../core/backend.ts';
import { ProxyError, throwIfAborted } from '../../core/errors.ts';
import type { TurnEvent } from '../../core/events.ts';
import type { ChatStream } from './chat-stream.ts';
import type { HttpResponse } from './http-client.ts';
import { IdleWatch } from './idle-watch.ts';

/** How long a complete answer is held for token counts that may still come. */
const usageGraceMs = 500;

/** One chat request, ready to be sent. */
export interface PreparedChat {
  /** Sends it; rejects with `ProxyError`. */
  readonly send: () => Promise<HttpResponse>;
  /** Made after sending, while upstream is thinking. */
  readonly createStream: () => ChatStream;
  readonly toConnectionError: (thrown: unknown) => ProxyError;
}

export interface ChatRunOptions {
  readonly context: RunContext;
  /** 0: never. */
  readonly idleTimeoutMs: number;
  /** Builds and signs the request; `signal` ends it. */
  readonly prepare: (signal: AbortSignal) => Promise<PreparedChat>;
}

/**
 * Runs one chat request as events. Aborting the context's signal, or `return()` even while a `next()` is pending, closes the
 * upstream connection at once; an answer that came to its end leaves the connection open for the next one.
 */
export function runChat(options: ChatRunOptions): AsyncIterableIterator<TurnEvent> {
  const run = new ChatRun(options);
  const events = run.events();
  return {
    next: () => events.next(),
    async return() {
      run.leave();
      await events.return(undefined);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

class ChatRun {
  readonly #options: ChatRunOptions;
  readonly #controller = new AbortController();
  readonly #idle: IdleWatch;
  #left = false;
  /** The answer is complete: nothing may abort what is left of its connection's work. */
  #settled = false;

  constructor(options: ChatRunOptions) {
    this.#options = options;
    this.#idle = new IdleWatch(options.idleTimeoutMs, () => this.#abort(silentFor(options.idleTimeoutMs)));
  }

  leave(): void {
    this.#left = true;
    this.#abort(undefined);
  }

  async *events(): AsyncGenerator<TurnEvent, void, undefined> {
    const { signal } = this.#options.context;
    const onAbort = () => this.#abort(signal.reason);
    let body: Readable | undefined;
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      throwIfAborted(signal);
      const chat = await this.#options.prepare(this.#controller.signal);
      this.#idle.begin();
      const sending = chat.send();
      // The estimate of a long conversation takes a while: make it while the request travels.
      const stream = chat.createStream();
      const response = await sending;
      body = response.body;
      yield* this.#read(response, stream, chat);
    } catch (error) {
      if (!this.#left) throw error;
    } finally {
      this.#idle.stop();
      signal.removeEventListener('abort', onAbort);
      if (!this.#settled) body?.destroy();
    }
  }

  async *#read(
    response: HttpResponse,
    stream: ChatStream,
    chat: PreparedChat,
  ): AsyncGenerator<TurnEvent, void, undefined> {
    const { trace } = this.#options.context;
    const decoder = new TextDecoder();
    const chunks = response.body.iterator({ destroyOnReturn: false });
    while (!stream.ended) {
      this.#idle.begin();
      const chunk = await nextChunk(chunks, stream.awaitsOnlyUsage, chat);
      this.#idle.pause();
      const text = decoder.decode(chunk, { stream: chunk !== undefined });
      if (text !== '') trace.upstreamData(text);
      const events = stream.push(text);
      // Before the end is given out: its receiver may never come back.
      if (stream.ended) await this.#settle(response, chunks);
      for (const event of events) yield event;
      if (stream.failure) throw stream.failure;
      if (chunk === undefined && !stream.ended) {
        const last = stream.end();
        this.#settled = stream.ended;
        response.body.destroy();
        for (const event of last) yield event;
        if (stream.failure) throw stream.failure;
      }
    }
  }

  async #settle(response: HttpResponse, chunks: AsyncIterator<unknown>): Promise<void> {
    this.#settled = true;
    await chunks.return?.();
    response.release();
  }

  #abort(reason: unknown): void {
    if (!this.#settled) this.#controller.abort(reason);
  }
}

/** The next bytes, or undefined at the body's end; a body that only token counts could still come from gets little time. */
async function nextChunk(
  chunks: AsyncIterator<unknown>,
  hurry: boolean,
  chat: PreparedChat,
): Promise<Uint8Array | undefined> {
  try {
    const next = chunks.next();
    const read = hurry
      ? await Promise.race([
          next,
          delay(usageGraceMs, { done: true as const, value: undefined }, { ref: false }),
        ])
      : await next;
    return !read.done && read.value instanceof Uint8Array ? read.value : undefined;
  } catch (error) {
    throw chat.toConnectionError(error);
  }
}

function silentFor(idleMs: number): ProxyError {
  return new ProxyError(
    'timeout',
    `Upstream sent nothing for ${Math.round(idleMs / 1000)} seconds, so the request was given up. Send it again, or set a longer time-out.`,
    { retryAfterSeconds: 1 },
  );
}
