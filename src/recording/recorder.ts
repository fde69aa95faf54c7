import { Listeners } from '../core/listeners.ts';
import type { RequestRecord, RequestSummary } from './record.ts';
import { type ArrivedRequest, Recording } from './recording.ts';
import type { Redactor } from './redaction.ts';

export interface RecorderOptions {
  readonly redactor: Redactor;
  /** Characters kept of each body. Default 1 MB. */
  readonly bodyLimit?: number;
  /** Characters kept in all. Default 64 MB. */
  readonly totalLimit?: number;
  /** Finished requests kept. Default 1,000. */
  readonly countLimit?: number;
}

/** The latest requests as a list shows them, while they go on. */
export interface RequestFeed {
  /** Requests that have begun and not ended. */
  readonly running: number;
  /** The newest `limit` requests, newest first. */
  summaries(limit: number): RequestSummary[];
  /**
   * Tells of each request twice, when it has begun and when it has ended, as it stands then. The listener has to be quick and must
   * not throw: the client is waiting. Returns the way to stop listening.
   */
  subscribe(listener: (request: { toSummary(): RequestSummary }) => void): () => void;
}

/** Keeps the latest requests, bounded by size and number: the oldest finished ones go first. */
export class Recorder implements RequestFeed {
  readonly #redactor: Redactor;
  readonly #bodyLimit: number;
  readonly #totalLimit: number;
  readonly #countLimit: number;
  readonly #recordings = new Map<string, Recording>();
  /** Of the finished ones, in the order in which they finished. */
  readonly #weights = new Map<string, number>();
  readonly #listeners = new Listeners<Recording>();
  #running = 0;
  #finishedWeight = 0;
  /** Makes ids differ from those before a restart, which clients may have logged. */
  readonly #series = Math.floor(Math.random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  #lastId = 0;

  constructor(options: RecorderOptions) {
    this.#redactor = options.redactor;
    this.#bodyLimit = options.bodyLimit ?? 1_000_000;
    this.#totalLimit = options.totalLimit ?? 64_000_000;
    this.#countLimit = options.countLimit ?? 1_000;
  }

  begin(request: ArrivedRequest): Recording {
    const id = `req_${this.#series}${(++this.#lastId).toString(36).padStart(6, '0')}`;
    const recording = new Recording(id, request, this.#redactor, this.#bodyLimit, (ended) => {
      this.#running--;
      this.#settle(ended);
      this.#listeners.tell(ended);
    });
    this.#recordings.set(id, recording);
    this.#running++;
    this.#listeners.tell(recording);
    return recording;
  }

  get running(): number {
    return this.#running;
  }

  summaries(limit: number): RequestSummary[] {
    return this.#latest(limit).map((recording) => recording.toSummary());
  }

  subscribe(listener: (request: { toSummary(): RequestSummary }) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** The newest `limit` records, newest first. */
  list(limit: number): RequestRecord[] {
    return this.newest(limit).map((recording) => recording.toRecord());
  }

  /** The same as `list`, for who reads the records one at a time: all of them together may be large. */
  newest(limit: number): { readonly id: string; toRecord(): RequestRecord }[] {
    return this.#latest(limit);
  }

  #latest(limit: number): Recording[] {
    return limit < 1 ? [] : [...this.#recordings.values()].slice(-limit).reverse();
  }

  /** Costs time in proportion to the bodies: it waits until the client has its answer. */
  #settle(recording: Recording): void {
    setImmediate(() => {
      try {
        recording.seal();
        this.#weights.set(recording.id, recording.weight);
        this.#finishedWeight += recording.weight;
        this.#dropOldest();
      } catch {
        // Nobody could catch it further up, and a record is not worth the process.
        this.#recordings.delete(recording.id);
      }
    });
  }

  #dropOldest(): void {
    for (const [id, weight] of this.#weights) {
      if (this.#finishedWeight <= this.#totalLimit && this.#weights.size <= this.#countLimit) return;
      this.#weights.delete(id);
      this.#recordings.delete(id);
      this.#finishedWeight -= weight;
    }
  }
}
