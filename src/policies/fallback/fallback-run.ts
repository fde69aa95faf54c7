import type { Backend, RunContext, TurnEventReader, TurnEventStream } from '../../core/backend.ts';
import { type ProxyError, toProxyError } from '../../core/errors.ts';
import { isContent, type TurnEvent, type TurnStart } from '../../core/events.ts';
import type { Turn } from '../../core/turn.ts';
import type { ModelCircuit } from './model-circuit.ts';

export interface FallbackRunOptions {
  readonly inner: Backend;
  readonly turn: Turn;
  readonly context: RunContext;
  readonly circuit: ModelCircuit;
  /** Models to go on with, in order; asked once they are needed. */
  readonly others: () => readonly string[];
  /** What the record calls the upstream. */
  readonly backend: string;
}

type Step = IteratorResult<TurnEvent>;

const over: Step = { done: true, value: undefined };

/**
 * One turn over as many models as it takes. Not a generator: once a model answers, its events come straight from it, without
 * a turn of the event loop more for each.
 */
export class FallbackRun implements TurnEventStream, TurnEventReader {
  readonly #options: FallbackRunOptions;
  readonly #attempts: Iterator<string, undefined>;
  #current: TurnEventReader | undefined;
  #model = '';
  #heldStart: TurnStart | undefined;
  /** The first event of the answer, given out right after its `turn-start`. */
  #firstEvent: TurnEvent | undefined;
  #state: 'searching' | 'answering' | 'over' = 'searching';
  #lastError: ProxyError | undefined;
  /** Why the next model is tried. */
  #lastFailure = '';

  constructor(options: FallbackRunOptions) {
    this.#options = options;
    this.#attempts = this.#plan();
  }

  next(): Promise<Step> {
    const value = this.#takeFirst();
    if (value) return Promise.resolve({ done: false, value });
    switch (this.#state) {
      case 'searching':
        return this.#search();
      case 'answering':
        return this.#current?.next() ?? Promise.resolve(over);
      case 'over':
        return Promise.resolve(over);
      default:
        return this.#state satisfies never;
    }
  }

  ready(): readonly TurnEvent[] {
    const first = this.#takeFirst();
    if (first !== undefined) return [first];
    return (this.#state === 'answering' ? this.#current?.ready?.() : undefined) ?? [];
  }

  async return(): Promise<Step> {
    if (this.#state === 'searching') this.#options.circuit.undecided(this.#model);
    this.#state = 'over';
    this.#firstEvent = undefined;
    await this.#current?.return?.();
    return over;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The model asked for, unless it failed lately; the others of which nothing bad is known; then it after all. */
  *#plan(): Generator<string, undefined> {
    const { turn, circuit, others } = this.#options;
    const asked = turn.model;
    const passedOver = !circuit.admits(asked);
    if (!passedOver) yield this.#announce(asked, 'the model asked for');
    else this.#lastFailure = `${asked} failed a moment ago`;
    for (const model of others()) {
      if (circuit.admits(model)) yield this.#announce(model, this.#lastFailure);
    }
    if (passedOver) yield this.#announce(asked, 'no other model answers');
  }

  #announce(model: string, why: string): string {
    const { context, backend } = this.#options;
    context.trace.note({ type: 'attempt', backend, model, why });
    return model;
  }

  #takeFirst(): TurnEvent | undefined {
    const first = this.#firstEvent;
    this.#firstEvent = undefined;
    return first;
  }

  async #search(): Promise<Step> {
    for (;;) {
      const current = this.#current ?? this.#begin();
      let step: IteratorResult<TurnEvent>;
      try {
        step = await current.next();
      } catch (thrown) {
        this.#failed(toProxyError(thrown));
        continue;
      }
      if (this.#state === 'over') return over;
      if (step.done) return this.#answer(undefined);
      const event = step.value;
      if (event.type === 'turn-start') this.#heldStart = event;
      else if (isContent(event) || event.type === 'turn-end') return this.#answer(event);
      else return { done: false, value: event };
    }
  }

  #begin(): TurnEventReader {
    const { done, value: model } = this.#attempts.next();
    if (done) return this.#giveUp();
    const { inner, turn, context } = this.#options;
    this.#model = model;
    this.#heldStart = undefined;
    this.#current = inner
      .run(model === turn.model ? turn : { ...turn, model }, context)
      [Symbol.asyncIterator]();
    return this.#current;
  }

  #giveUp(): never {
    this.#state = 'over';
    throw this.#lastError ?? toProxyError(new Error('no model was tried'));
  }

  /** Returns when another model may be tried, else throws. */
  #failed(error: ProxyError): void {
    const { circuit, context } = this.#options;
    this.#current = undefined;
    if (this.#state === 'searching' && !context.signal.aborted && concernsTheModel(error)) {
      circuit.failed(this.#model);
      this.#lastError = error;
      this.#lastFailure = `${this.#model} failed: ${error.kind}`;
      return;
    }
    circuit.undecided(this.#model);
    this.#state = 'over';
    throw error;
  }

  #answer(event: TurnEvent | undefined): Step {
    const { circuit } = this.#options;
    this.#state = 'answering';
    if (event) circuit.succeeded(this.#model);
    else circuit.undecided(this.#model);
    const first = this.#heldStart ?? event;
    if (this.#heldStart) this.#firstEvent = event;
    return first ? { done: false, value: first } : over;
  }
}

/** Whether another model may do better: limits, outages, broken connections, time-outs, but no refusal of the request as such. */
function concernsTheModel(error: ProxyError): boolean {
  const { upstreamStatus } = error.details;
  const refused =
    upstreamStatus !== undefined && upstreamStatus < 500 && upstreamStatus !== 429 && upstreamStatus !== 408;
  switch (error.kind) {
    case 'rate-limited':
    case 'upstream-unavailable':
    case 'timeout':
      return !refused;
    default:
      return false;
  }
}
