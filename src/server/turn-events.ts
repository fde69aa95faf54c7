import type { TurnEventReader, TurnEventStream } from '../core/backend.ts';
import { abortError } from '../core/errors.ts';
import type { TurnEvent } from '../core/events.ts';
import type { Turn } from '../core/turn.ts';
import type { Recording } from '../recording/recording.ts';

type Result = IteratorResult<TurnEvent>;

/**
 * The events of a backend as their client is to see them. An abort ends them at once, with the signal's reason, even while the
 * backend still winds up; so does leaving the loop. `settled` says when the backend is really done.
 */
export class TurnEvents implements TurnEventStream {
  readonly #source: TurnEventReader;
  readonly #signal: AbortSignal;
  readonly #show: (events: readonly TurnEvent[]) => readonly TurnEvent[];
  #resolve: ((result: Result) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #left: Promise<unknown> | undefined;
  readonly #onAbort = () => {
    this.#reject?.(abortError(this.#signal));
    this.#leave();
  };

  /** `show` hears all events, in order and as they come together, and says which of them the client gets. */
  constructor(
    events: TurnEventStream,
    signal: AbortSignal,
    show: (events: readonly TurnEvent[]) => readonly TurnEvent[],
  ) {
    this.#source = events[Symbol.asyncIterator]();
    this.#signal = signal;
    this.#show = show;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  // By hand and not as a generator, which could not be left while it waits, and would cost each event more.
  [Symbol.asyncIterator](): AsyncIterator<TurnEvent> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.#leave();
        return { done: true, value: undefined };
      },
    };
  }

  /** Events that have come already; none: wait for the next. */
  ready(): readonly TurnEvent[] {
    if (this.#signal.aborted || this.#left !== undefined) return [];
    for (;;) {
      const events = this.#source.ready?.() ?? [];
      const shown = events.length === 0 ? events : this.#show(events);
      if (shown.length > 0 || events.length === 0) return shown;
    }
  }

  /** Resolves, never rejects, once the backend has nothing left to do for this turn. */
  async settled(): Promise<void> {
    await this.#left;
  }

  #next(): Promise<Result> {
    if (this.#signal.aborted) return Promise.reject(abortError(this.#signal));
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#advance();
    });
  }

  #advance(): void {
    this.#source.next().then(this.#onNext, this.#onError);
  }

  readonly #onNext = (result: IteratorResult<TurnEvent>): void => {
    if (this.#left !== undefined) return;
    if (result.done) {
      this.#finish();
      this.#resolve?.({ done: true, value: undefined });
    } else if (this.#show([result.value]).length > 0) this.#resolve?.(result);
    else this.#advance();
  };

  readonly #onError = (error: unknown): void => {
    this.#finish();
    this.#reject?.(error);
  };

  /** The source is at its end. */
  #finish(): void {
    this.#left ??= Promise.resolve();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  /** Tells the source that nobody listens any more, and lets it wind up in its own time. */
  #leave(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    // What fails after the client has its answer concerns nobody.
    this.#left ??= Promise.resolve(this.#source.return?.()).catch(() => undefined);
  }
}

/** All events are recorded. Thoughts are only for who asked for them. */
export function shownTo(
  turn: Turn,
  recording: Recording | undefined,
): (events: readonly TurnEvent[]) => readonly TurnEvent[] {
  const wantsReasoning = turn.reasoning !== undefined;
  return (events) => {
    recording?.events(events);
    return wantsReasoning || !events.some(isThought) ? events : events.filter((event) => !isThought(event));
  };
}

function isThought({ type }: TurnEvent): boolean {
  return type === 'reasoning-delta';
}
