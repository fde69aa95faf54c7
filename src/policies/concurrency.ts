import {
  type Policy,
  type RunContext,
  type TurnEventReader,
  type TurnEventStream,
  withRun,
} from '../core/backend.ts';
import { abortError, ProxyError, throwIfAborted } from '../core/errors.ts';
import type { TurnEvent } from '../core/events.ts';
import { type Admission, Pool, type PoolOptions, type Waiting } from './concurrency/pool.ts';

/** A policy that also tells how full it is. */
export interface ConcurrencyPolicy extends Policy {
  /** Turns that have a place. */
  readonly running: () => number;
  /** Turns that wait for one. */
  readonly waiting: () => number;
}

/**
 * Lets at most `limit()` turns (1 to 16) run at once; the others wait in order until a place is free or their client leaves.
 * A place is free again however its turn ends. Throws `overloaded` when too many wait already.
 */
export function concurrency(limit: () => number, options: PoolOptions = {}): ConcurrencyPolicy {
  const pool = new Pool(limit, options);
  const policy: Policy = (inner) =>
    withRun(inner, (turn, context) => new PooledRun(pool, context, () => inner.run(turn, context)));
  return Object.assign(policy, { running: () => pool.running, waiting: () => pool.waiting });
}

/**
 * One turn that waits for a place in a pool, and keeps it to its end. Not a generator: once the turn has its place, events pass
 * without a further turn of the event loop.
 */
export class PooledRun implements TurnEventStream, TurnEventReader {
  readonly #pool: Pool;
  readonly #context: RunContext;
  readonly #run: () => TurnEventStream;
  #waiting: Waiting | undefined;
  #release: (() => void) | undefined;
  #events: TurnEventReader | undefined;
  #ended = false;

  constructor(pool: Pool, context: RunContext, run: () => TurnEventStream) {
    this.#pool = pool;
    this.#context = context;
    this.#run = run;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<TurnEvent>> {
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    const step = this.#events?.next() ?? this.#begin().then((events) => events.next());
    return step.then(this.#onStep, this.#onFailure);
  }

  ready(): readonly TurnEvent[] {
    return this.#events?.ready?.() ?? [];
  }

  async return(): Promise<IteratorResult<TurnEvent>> {
    this.#waiting?.leave(new ProxyError('cancelled', 'The answer is not wanted any more.'));
    try {
      await this.#events?.return?.();
    } finally {
      this.#end();
    }
    return { done: true, value: undefined };
  }

  readonly #onStep = (result: IteratorResult<TurnEvent>): IteratorResult<TurnEvent> => {
    if (result.done === true) this.#end();
    return result;
  };

  readonly #onFailure = (thrown: unknown): never => {
    this.#end();
    throw thrown;
  };

  async #begin(): Promise<TurnEventReader> {
    const { signal, trace } = this.#context;
    throwIfAborted(signal);
    const admission = this.#pool.enterNow() ?? (await this.#wait());
    this.#release = admission.release;
    // The client may have left between being let in and getting here.
    if (this.#ended || signal.aborted) {
      admission.release();
      throw abortError(signal);
    }
    // Whoever only aborts and never asks again must not keep the place.
    signal.addEventListener('abort', admission.release, { once: true });
    trace.note({ type: 'admitted', waitedMs: admission.waitedMs });
    this.#events = this.#run()[Symbol.asyncIterator]();
    return this.#events;
  }

  async #wait(): Promise<Admission> {
    const { signal } = this.#context;
    const waiting = this.#pool.wait();
    const onAbort = () => waiting.leave(abortError(signal));
    this.#waiting = waiting;
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await waiting.admission;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#waiting = undefined;
    }
  }

  #end(): void {
    this.#ended = true;
    if (!this.#release) return;
    this.#context.signal.removeEventListener('abort', this.#release);
    this.#release();
  }
}
