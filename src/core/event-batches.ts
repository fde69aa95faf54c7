import type { TurnEventReader, TurnEventStream } from './backend.ts';
import type { TurnEvent } from './events.ts';

type Step = IteratorResult<TurnEvent>;

const noEvents: readonly TurnEvent[] = [];
/** Events that are given out together at most: what is made of them is held until it is sent. */
export const mostTogether = 256;

/** Events that come in batches: all but the first of a batch are ready at once. */
export class EventBatches implements TurnEventStream, TurnEventReader {
  readonly #source: AsyncIterator<readonly TurnEvent[]>;
  #batch = noEvents;
  #given = 0;

  /** A batch may be empty. */
  constructor(source: AsyncIterator<readonly TurnEvent[]>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  ready(): readonly TurnEvent[] {
    if (this.#given === this.#batch.length) return noEvents;
    const events = this.#batch.slice(this.#given, this.#given + mostTogether);
    this.#give(events.length);
    return events;
  }

  next(): Promise<Step> {
    const value = this.#first();
    return value === undefined ? this.#fetch() : Promise.resolve({ done: false, value });
  }

  async return(): Promise<Step> {
    this.#clear();
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  #first(): TurnEvent | undefined {
    const event = this.#batch[this.#given];
    if (event !== undefined) this.#give(1);
    return event;
  }

  /** While the next batch is waited for, nothing keeps this one. */
  #give(count: number): void {
    this.#given += count;
    if (this.#given === this.#batch.length) this.#clear();
  }

  #clear(): void {
    this.#batch = noEvents;
    this.#given = 0;
  }

  async #fetch(): Promise<Step> {
    for (;;) {
      const step = await this.#source.next();
      if (step.done === true) return { done: true, value: undefined };
      this.#batch = step.value;
      this.#given = 0;
      const value = this.#first();
      if (value !== undefined) return { done: false, value };
    }
  }
}
