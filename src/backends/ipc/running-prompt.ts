import * as z from 'zod';
import { abortError } from '../../core/errors.ts';
import { onDemand } from '../../core/on-demand.ts';
import type { Trace } from '../../core/trace.ts';
import type { ImageBlock } from './images.ts';
import { RpcError } from './rpc-errors.ts';
import type { Session } from './session.ts';
import { tracedNotification, tracedRequest } from './traced-request.ts';
import { abandoned } from './turn-errors.ts';
import type { TurnStream } from './turn-stream.ts';

export interface PromptRequest {
  readonly requestId: string;
  readonly text: string;
  readonly images: readonly ImageBlock[];
  readonly meta: object;
}

/** Milliseconds of silence that end an answer whose prompt was answered, but whose `chat_finish` does not come. */
export interface FinishGrace {
  /** When the reply came after the answer and said that the turn is over (`stopReason`). */
  readonly completedMs: number;
  /** When the reply may have been a mere receipt. */
  readonly acknowledgedMs: number;
}

const completedReply = onDemand(() => z.object({ stopReason: z.string() }));

/** One prompt under way in a session. */
export class RunningPrompt {
  readonly session: Session;
  readonly stream: TurnStream;
  readonly #release: (keep: boolean) => void;
  readonly #trace: Trace;
  readonly #unlisten: () => void;
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;
  readonly #answerIgnored = new AbortController();
  #repliedBeforeAnswer = false;

  /**
   * Sends the prompt. The stream fails with `RpcError` when the runtime refuses it, and with the signal's error when that
   * is aborted. `release` gets the session back: `keep` is false when its state is in doubt.
   */
  constructor(
    session: Session,
    stream: TurnStream,
    request: PromptRequest,
    context: { readonly trace: Trace; readonly signal: AbortSignal; readonly grace: FinishGrace },
    release: (keep: boolean) => void,
  ) {
    this.session = session;
    this.stream = stream;
    this.#release = release;
    this.#trace = context.trace;
    this.#signal = context.signal;
    stream.onOver = () => this.#finish();
    this.#onAbort = () => stream.fail(abortError(context.signal));
    context.signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#unlisten = session.connection.listen({
      requestId: request.requestId,
      sessionId: session.id,
      update: (update, wire) => stream.update(update, wire),
      lost: (reason) => stream.fail(reason),
      oddity: (text) => stream.oddity(text),
    });
    this.#send(request).then(
      (result) => this.#replied(result, context.grace),
      (error: unknown) => this.#refused(error),
    );
  }

  /** Gives up whatever is still to come. */
  abandon(): void {
    this.stream.fail(abandoned);
  }

  /** Cancels upstream if it may still be at work, and gives the session back. */
  #finish(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#unlisten();
    this.#answerIgnored.abort(abandoned);
    const { session, stream } = this;
    if (!stream.finishedUpstream && !session.connection.closed) {
      tracedNotification(session.connection, 'session/cancel', { sessionId: session.id }, this.#trace);
    }
    this.#release(stream.complete);
  }

  #send({ text, images, meta }: PromptRequest): Promise<unknown> {
    const params = {
      sessionId: this.session.id,
      prompt: [{ type: 'text', text }, ...images],
      contextParams: images,
      _meta: meta,
    };
    return tracedRequest(this.session.connection, 'session/prompt', params, this.#trace, {
      signal: this.#answerIgnored.signal,
      base64: images.map(({ data }) => data),
      onAnswered: () => {
        this.#repliedBeforeAnswer = !this.stream.begun;
      },
    });
  }

  #replied(result: unknown, grace: FinishGrace): void {
    // A reply from before the answer is a receipt, whatever it says.
    const completed = !this.#repliedBeforeAnswer && completedReply().safeParse(result).success;
    this.stream.endAfterSilence(completed ? grace.completedMs : grace.acknowledgedMs, grace.acknowledgedMs);
  }

  #refused(error: unknown): void {
    if (this.#answerIgnored.signal.aborted) return;
    if (error instanceof RpcError) this.stream.finishedUpstream = true;
    this.stream.fail(error);
  }
}
