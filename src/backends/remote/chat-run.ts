import { setTimeout as delay } from 'node:timers/promises';
import type { RunContext, TurnEventStream } from '../../core/backend.ts';
import { ProxyError, throwIfAborted } from '../../core/errors.ts';
import { EventBatches } from '../../core/event-batches.ts';
import type { TurnEvent } from '../../core/events.ts';
import { phrase } from '../../core/localizer.ts';
import type { ChatStream } from './chat-stream.ts';
import type { HttpResponse } from './http-client.ts';
import { IdleWatch } from './idle-watch.ts';
import type { ResponseBody } from './response-body.ts';
import { Utf8Text } from './utf8-text.ts';

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

/** Runs one chat request as events, as `ChatRun` says. */
export function runChat(options: ChatRunOptions): TurnEventStream {
  return new EventBatches(new ChatRun(options));
}

/** What upstream's bytes held, as they came together. */
type Step = IteratorResult<readonly TurnEvent[], undefined>;

const over: Step = { done: true, value: undefined };

/** An answer that is being read. */
interface OpenAnswer {
  readonly chat: PreparedChat;
  readonly body: ResponseBody;
  readonly stream: ChatStream;
}

/**
 * One chat request as events. Aborting the context's signal, or `return()` even while a `next()` is pending, closes the
 * upstream connection at once; an answer that came to its end leaves the connection open for the next one.
 */
class ChatRun implements AsyncIterator<readonly TurnEvent[], undefined> {
  readonly #options: ChatRunOptions;
  readonly #controller = new AbortController();
  readonly #idle: IdleWatch;
  readonly #decoder = new Utf8Text();
  #answer: OpenAnswer | undefined;
  #reading: Promise<Step> | undefined;
  #left = false;
  #over = false;
  /** The answer is complete: nothing may abort what is left of its connection's work. */
  #settled = false;
  readonly #onAbort = () => this.#abort(this.#options.context.signal.reason);

  constructor(options: ChatRunOptions) {
    this.#options = options;
    this.#idle = new IdleWatch(options.idleTimeoutMs, () => this.#abort(silentFor(options.idleTimeoutMs)));
  }

  next(): Promise<Step> {
    this.#reading = this.#read();
    return this.#reading;
  }

  async return(): Promise<Step> {
    this.#left = true;
    this.#abort(undefined);
    await this.#reading?.catch(() => {});
    this.#end();
    return over;
  }

  async #read(): Promise<Step> {
    try {
      while (!this.#isAtEnd()) {
        this.#answer ??= await this.#begin();
        const value = await this.#readEvents(this.#answer);
        if (value.length === 0 || this.#left) continue;
        // It would keep the events until the next ones come.
        this.#reading = undefined;
        return { done: false, value };
      }
      this.#end();
      return over;
    } catch (error) {
      this.#end();
      if (this.#left) return over;
      throw error;
    }
  }

  /** Throws when upstream failed: everything before that has been given out. */
  #isAtEnd(): boolean {
    if (this.#over || this.#left) return true;
    if (this.#answer?.stream.failure) throw this.#answer.stream.failure;
    return this.#answer?.stream.ended ?? false;
  }

  async #begin(): Promise<OpenAnswer> {
    const { signal } = this.#options.context;
    throwIfAborted(signal);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    const chat = await this.#options.prepare(this.#controller.signal);
    this.#idle.begin();
    const sending = chat.send();
    // The estimate of a long conversation takes a while: make it while the request travels.
    const stream = chat.createStream();
    const { body } = await sending;
    return { chat, body, stream };
  }

  async #readEvents({ chat, body, stream }: OpenAnswer): Promise<readonly TurnEvent[]> {
    this.#idle.begin();
    const chunks = await nextChunks(body, stream.awaitsOnlyUsage, chat);
    this.#idle.pause();
    const events = chunks === undefined ? stream.push(this.#decoder.end()) : this.#readChunks(chunks, stream);
    if (stream.ended) {
      // Before the end is given out: its receiver may never come back.
      this.#settled = true;
      body.release();
    }
    if (chunks !== undefined || stream.ended) return events;
    const last = stream.end();
    this.#settled = stream.ended;
    body.destroy();
    return [...events, ...last];
  }

  #readChunks(chunks: readonly Uint8Array[], stream: ChatStream): readonly TurnEvent[] {
    const [first, ...others] = chunks;
    if (first === undefined) return [];
    let events = stream.push(this.#decoder.write(first));
    for (const chunk of others) events = events.concat(stream.push(this.#decoder.write(chunk)));
    return events;
  }

  /** Frees what is held, the connection included unless the answer is complete. */
  #end(): void {
    this.#over = true;
    this.#idle.stop();
    this.#options.context.signal.removeEventListener('abort', this.#onAbort);
    if (!this.#settled) this.#answer?.body.destroy();
  }

  #abort(reason: unknown): void {
    if (!this.#settled) this.#controller.abort(reason);
  }
}

/** The next bytes, or undefined at the body's end; a body that only token counts could still come from gets little time. */
async function nextChunks(
  body: ResponseBody,
  hurry: boolean,
  chat: PreparedChat,
): Promise<readonly Uint8Array[] | undefined> {
  try {
    if (!hurry) return await body.read();
    return await Promise.race([body.read(), delay(usageGraceMs, undefined, { ref: false })]);
  } catch (error) {
    throw chat.toConnectionError(error);
  }
}

function silentFor(idleMs: number): ProxyError {
  return new ProxyError(
    'timeout',
    phrase(
      'Upstream sent nothing for {0} seconds, so the request was given up. Send it again, or set a longer time-out.',
      Math.round(idleMs / 1000),
    ),
    { retryAfterSeconds: 1 },
  );
}
