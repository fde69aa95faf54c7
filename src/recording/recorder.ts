import type { RequestRecord } from './record.ts';
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

/** Keeps the latest requests, bounded by size and number: the oldest finished ones go first. */
export class Recorder {
  readonly #redactor: Redactor;
  readonly #bodyLimit: number;
  readonly #totalLimit: number;
  readonly #countLimit: number;
  readonly #recordings = new Map<string, Recording>();
  /** Of the finished ones, in the order in which they finished. */
  readonly #weights = new Map<string, number>();
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
    const recording = new Recording(id, request, this.#redactor, this.#bodyLimit, (ended) =>
      this.#settle(ended),
    );
    this.#recordings.set(id, recording);
    return recording;
  }

  /** The newest `limit` records, newest first. */
  list(limit: number): RequestRecord[] {
    return this.newest(limit).map((recording) => recording.toRecord());
  }

  /** The same as `list`, for who reads the records one at a time: all of them together may be large. */
  newest(limit: number): { toRecord(): RequestRecord }[] {
    return limit < 1 ? [] : [...this.#recordings.values()].slice(-limit).reverse();
  }

  /** Redaction costs time in proportion to the bodies: it waits until the client has its answer. */
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
