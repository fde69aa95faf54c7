import type { RequestRecord } from './record.ts';
import { type ArrivedRequest, Recording } from './recording.ts';
import type { Redactor } from './redaction.ts';

export interface RecorderOptions {
  readonly redactor: Redactor;
  /** Characters kept of each body. Default 1 MB. */
  readonly bodyLimit?: number;
  /** Characters kept in all. Default 64 MB. */
  readonly totalLimit?: number;
}

/** Keeps the latest requests, bounded by size: the oldest finished ones go first. */
export class Recorder {
  readonly #redactor: Redactor;
  readonly #bodyLimit: number;
  readonly #totalLimit: number;
  readonly #recordings = new Map<string, Recording>();
  #finishedWeight = 0;
  readonly #weights = new Map<string, number>();
  #lastId = 0;

  constructor(options: RecorderOptions) {
    this.#redactor = options.redactor;
    this.#bodyLimit = options.bodyLimit ?? 1_000_000;
    this.#totalLimit = options.totalLimit ?? 64_000_000;
  }

  begin(request: ArrivedRequest): Recording {
    const id = `req_${(++this.#lastId).toString(36).padStart(6, '0')}`;
    const recording = new Recording(id, request, this.#redactor, this.#bodyLimit, (ended) =>
      this.#settle(ended),
    );
    this.#recordings.set(id, recording);
    return recording;
  }

  /** The newest `limit` records, newest first. */
  list(limit: number): RequestRecord[] {
    return [...this.#recordings.values()]
      .slice(-limit)
      .reverse()
      .map((recording) => recording.toRecord());
  }

  /** Redaction costs time in proportion to the bodies: it waits until the client has its answer. */
  #settle(recording: Recording): void {
    setImmediate(() => {
      recording.seal();
      this.#weights.set(recording.id, recording.weight);
      this.#finishedWeight += recording.weight;
      for (const [id, weight] of this.#weights) {
        if (this.#finishedWeight <= this.#totalLimit) break;
        this.#weights.delete(id);
        this.#recordings.delete(id);
        this.#finishedWeight -= weight;
      }
    });
  }
}
