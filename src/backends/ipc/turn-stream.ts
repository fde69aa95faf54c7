import { missingEnd } from '../../core/collect.ts';
import { ProxyError } from '../../core/errors.ts';
import type { EndReason, TurnEvent } from '../../core/events.ts';
import { phrase } from '../../core/localizer.ts';
import type { TextFrame } from '../../core/text-frame.ts';
import { TokenEstimate } from '../../core/tokens.ts';
import type { Trace } from '../../core/trace.ts';
import { readFinish } from './finish.ts';
import type { FramedUpdate } from './update-frames.ts';
import type { SessionUpdate } from './updates.ts';

const mostShownCharacters = 100;

export interface TurnStreamOptions {
  /** The model's name as it goes into `turn-start`. */
  readonly model: string;
  /** Tokens, estimated. */
  readonly inputTokens: number;
  /** Whether thoughts are part of the answer; otherwise they only show in the record. */
  readonly reasoning: boolean;
  readonly trace: Trace;
  /** Milliseconds of silence after which the turn fails; 0: never. */
  readonly idleTimeoutMs: number;
  /** Characters that may wait for a client that reads slowly. */
  readonly maxWaitingCharacters: number;
}

/**
 * Turns the updates of one prompt into events and keeps them until they are taken. The answer is over with `chat_finish`;
 * `turn-start` comes with the first update that is part of an answer, so that an earlier failure can still be a status.
 */
export class TurnStream {
  readonly #options: TurnStreamOptions;
  #waiting: TurnEvent[] = [];
  #waitingCharacters = 0;
  #wake: (() => void) | undefined;
  #error: unknown;
  #state: 'open' | 'ended' | 'failed' = 'open';
  #begun = false;
  readonly #output = new TokenEstimate();
  /** Updates that are alike, of which the record is yet to hear. */
  #alike: { readonly frame: TextFrame; readonly parts: string[] } | undefined;
  #lastActivity = performance.now();
  #silenceLimitMs: number;
  #silenceOnceMoreCame: number | undefined;
  #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  readonly #oddities = new Set<string>();
  /** Whether upstream itself ended the answer, well or not; otherwise it may still be at work. */
  finishedUpstream = false;
  /** Called once, as soon as nothing more will come, however fast the events are taken. */
  onOver: () => void = () => {};

  constructor(options: TurnStreamOptions) {
    this.#options = options;
    this.#silenceLimitMs = options.idleTimeoutMs;
    this.#onSilence = () => this.fail(silent(options.idleTimeoutMs));
    this.#watch();
  }

  /** Whether any part of the answer has come. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Whether nothing more will come. */
  get over(): boolean {
    return this.#state !== 'open';
  }

  /** Whether the answer came to its proper end. */
  get complete(): boolean {
    return this.#state === 'ended';
  }

  /** Whether the answer is complete and all of it was taken. */
  get drained(): boolean {
    return this.complete && this.#waiting.length === 0;
  }

  /** The events that came since the last call. */
  take(): readonly TurnEvent[] {
    this.#tellAlike();
    const events = this.#waiting;
    this.#waiting = [];
    this.#waitingCharacters = 0;
    return events;
  }

  /** Waits until there are events to take or the stream is over. Throws what the stream failed with, after its last event. */
  async wait(): Promise<void> {
    if (this.#waiting.length > 0) return;
    if (!this.over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#state === 'failed' && this.#waiting.length === 0) throw this.#error;
  }

  /** `wire` is the update as it came. */
  update(update: SessionUpdate, wire: string | FramedUpdate): void {
    if (this.over) return;
    this.#lastActivity = performance.now();
    this.#tell(wire);
    switch (update.kind) {
      case 'message':
        this.#push({ type: 'text-delta', text: update.text });
        break;
      case 'thought':
        this.#pushThought(update.text);
        break;
      case 'context-usage':
        // The tokens in use are neither this turn's input nor its output, so they are no usage.
        this.#options.trace.note({
          type: 'remark',
          text: `Upstream reports a context of ${shown(update.usedTokens)} of ${shown(update.limitTokens)} tokens in use.`,
        });
        break;
      case 'finish':
        this.#finish(update.reason, update.status);
        break;
      case 'unknown':
        this.oddity(`The runtime sent an unknown update, "${shown(update.name)}".`);
        break;
      default:
        update satisfies never;
    }
  }

  /** Notes something odd, once. */
  oddity(text: string): void {
    if (this.#oddities.has(text) || this.#oddities.size >= 50) return;
    this.#oddities.add(text);
    this.#options.trace.note({ type: 'oddity', text });
  }

  /**
   * From now on silence ends the answer normally, because upstream may send no `chat_finish`: after `milliseconds`, or, once
   * more of the answer has come, after `onceMoreCame`. If none of it came at all, that is a failure.
   */
  endAfterSilence(milliseconds: number, onceMoreCame: number): void {
    if (this.over) return;
    this.#silenceOnceMoreCame = onceMoreCame;
    this.#lastActivity = performance.now();
    this.#silenceLimitMs = milliseconds;
    this.#onSilence = () => {
      if (!this.#begun) return this.fail(missingEnd());
      this.oddity(
        'The runtime answered the prompt but sent no chat_finish; the answer was taken as complete.',
      );
      this.#end('stop');
    };
    this.#watch();
  }

  /** Ends the stream with an error; what came before can still be taken. */
  fail(error: unknown): void {
    if (this.over) return;
    this.#error = error;
    this.#close('failed');
  }

  #tell(wire: string | FramedUpdate): void {
    if (typeof wire !== 'string' && wire.frame === this.#alike?.frame) {
      this.#alike.parts.push(wire.quoted);
      return;
    }
    this.#tellAlike();
    if (typeof wire === 'string') this.#options.trace.upstreamData(wire);
    else this.#alike = { frame: wire.frame, parts: [wire.quoted] };
  }

  #tellAlike(): void {
    if (this.#alike === undefined) return;
    const { frame, parts } = this.#alike;
    this.#alike = undefined;
    this.#options.trace.upstreamData({ before: frame.before, parts, after: frame.after });
  }

  #pushThought(text: string): void {
    if (this.#options.reasoning) {
      this.#push({ type: 'reasoning-delta', text });
      return;
    }
    this.#answered(text);
    this.#wakeUp();
  }

  #push(event: TurnEvent & { readonly type: 'text-delta' | 'reasoning-delta' }): void {
    this.#answered(event.text);
    this.#waitingCharacters += event.text.length;
    this.#waiting.push(event);
    if (this.#waitingCharacters > this.#options.maxWaitingCharacters) this.fail(tooMuchWaiting());
    else this.#wakeUp();
  }

  #answered(text: string): void {
    this.#begin();
    this.#output.add(text);
    if (this.#silenceOnceMoreCame !== undefined) this.#silenceLimitMs = this.#silenceOnceMoreCame;
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const { model, inputTokens } = this.#options;
    this.#waiting.push({ type: 'turn-start', model, inputTokens });
  }

  #finish(reason: string, status: number | undefined): void {
    this.finishedUpstream = true;
    const finish = readFinish(reason, status);
    if (finish.failed) {
      this.fail(finish.error);
      return;
    }
    if (!finish.known)
      this.oddity(`The runtime ended the answer with the unknown reason "${shown(reason)}".`);
    this.#end(finish.reason);
  }

  #end(reason: EndReason): void {
    this.finishedUpstream = true;
    this.#begin();
    const { inputTokens } = this.#options;
    const usage = {
      source: 'estimate',
      inputTokens,
      outputTokens: this.#output.tokens,
    } as const;
    this.#waiting.push({ type: 'turn-end', reason, usage });
    this.#close('ended');
  }

  #close(state: 'ended' | 'failed'): void {
    this.#state = state;
    this.#tellAlike();
    clearTimeout(this.#timer);
    this.onOver();
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  /** One timer for the whole stream: when it strikes too early for the last update, it is set again for the rest. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#silenceLimitMs <= 0) return;
    const left = this.#lastActivity + this.#silenceLimitMs - performance.now();
    this.#timer = setTimeout(
      () => {
        if (performance.now() - this.#lastActivity >= this.#silenceLimitMs) this.#onSilence();
        else this.#watch();
      },
      Math.max(1, Math.ceil(left)),
    );
  }
}

/** As much of what a runtime wrote as a record needs. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.slice(0, mostShownCharacters);
}

function silent(idleTimeoutMs: number): ProxyError {
  return new ProxyError(
    'timeout',
    phrase(
      'The Lingma / QoderCN runtime sent nothing for {0} s. Send the request again, or raise the time-out in the settings.',
      Math.round(idleTimeoutMs / 1000),
    ),
    { retryAfterSeconds: 1 },
  );
}

function tooMuchWaiting(): ProxyError {
  return new ProxyError(
    'overloaded',
    phrase(
      'The client reads its answer far more slowly than it comes, so the answer was ended. Send the request again.',
    ),
  );
}
