import { Listeners } from '../core/listeners.ts';
import type { RequestSummary } from '../shared/requests.ts';
import type { FindViolations, KeptRequest, RequestRecord } from './record.ts';
import { type ArrivedRequest, Recording } from './recording.ts';
import type { Redactor } from './redaction.ts';
import { ReplayMarks, replayHeader } from './replay-marks.ts';
import type { RequestFeed } from './request-feed.ts';

export interface RecorderOptions {
  readonly redactor: Redactor;
  /** Whether the bodies of a request that begins now are kept. Default: they are. */
  readonly keepsBodies?: () => boolean;
  /** Characters kept of each body. Default 1 MB. */
  readonly bodyLimit?: number;
  /** Characters kept in all. Default 64 MB. */
  readonly totalLimit?: number;
  /** Finished requests kept. Default 10,000. */
  readonly countLimit?: number;
}

/** Keeps the latest requests, bounded by size and number: the oldest finished ones go first. */
export class Recorder implements RequestFeed {
  readonly marks = new ReplayMarks();
  readonly #redactor: Redactor;
  readonly #keepsBodies: () => boolean;
  readonly #bodyLimit: number;
  readonly #totalLimit: number;
  readonly #countLimit: number;
  #requests = new Map<string, KeptRequest>();
  /** Of the finished ones, the oldest first. */
  #weights = new Map<string, number>();
  readonly #listeners = new Listeners<KeptRequest>();
  readonly #settled = new Listeners<KeptRequest>();
  #findViolations: FindViolations | undefined;
  #running = 0;
  #finishedWeight = 0;
  /** Makes ids differ from those before a restart, which clients may have logged. */
  readonly #series = Math.floor(Math.random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  #lastId = 0;

  constructor(options: RecorderOptions) {
    this.#redactor = options.redactor;
    this.#keepsBodies = options.keepsBodies ?? (() => true);
    this.#bodyLimit = options.bodyLimit ?? 1_000_000;
    this.#totalLimit = options.totalLimit ?? 64_000_000;
    this.#countLimit = options.countLimit ?? 10_000;
  }

  begin(request: ArrivedRequest): Recording {
    const id = `req_${this.#series}${(++this.#lastId).toString(36).padStart(6, '0')}`;
    const recording = new Recording(id, this.#marked(request), {
      redactor: this.#redactor,
      bodyLimit: this.#keepsBodies() ? this.#bodyLimit : 0,
      onEnd: (ended) => this.#end(ended),
    });
    this.#requests.set(id, recording);
    this.#running++;
    this.#listeners.tell(recording);
    return recording;
  }

  get running(): number {
    return this.#running;
  }

  summaries(limit: number): RequestSummary[] {
    return this.newest(limit).map((request) => request.toSummary());
  }

  subscribe(listener: (request: { toSummary(): RequestSummary }) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Tells of each request once it has ended and has been made small. The listener must not throw. */
  onSettled(listener: (request: KeptRequest) => void): () => void {
    return this.#settled.add(listener);
  }

  /** From now on each answer is checked as it ends, by what must not throw. Until somebody looks, none is: it costs time. */
  checkAnswers(findViolations: FindViolations): void {
    this.#findViolations = findViolations;
  }

  find(id: string): KeptRequest | undefined {
    return this.#requests.get(id);
  }

  /** The newest `limit` requests, newest first. Reading all of their records at once may take much memory. */
  newest(limit: number): KeptRequest[] {
    return limit < 1 ? [] : [...this.#requests.values()].slice(-limit).reverse();
  }

  /** The newest `limit` records, newest first. */
  list(limit: number): RequestRecord[] {
    return this.newest(limit).map((request) => request.toRecord());
  }

  /** Takes in requests of an earlier run, oldest first, as older than all that are there. */
  restore(requests: readonly KeptRequest[]): void {
    this.#requests = new Map([...requests.map(byId), ...this.#requests]);
    this.#weights = new Map([...requests.map(({ id, weight }) => [id, weight] as const), ...this.#weights]);
    this.#finishedWeight = [...this.#weights.values()].reduce((sum, weight) => sum + weight, 0);
    this.#dropOldest();
  }

  /** Forgets the requests that have ended. Returns how many there were. */
  clear(): number {
    const ended = [...this.#requests.values()].filter(({ hasEnded }) => hasEnded);
    for (const { id } of ended) this.#requests.delete(id);
    this.#weights.clear();
    this.#finishedWeight = 0;
    return ended.length;
  }

  #marked(request: ArrivedRequest): ArrivedRequest {
    const mark = request.headers[replayHeader];
    if (mark === undefined) return request;
    const { [replayHeader]: _, ...headers } = request.headers;
    const replayOf = this.marks.redeem(mark);
    return { ...request, headers, ...(replayOf === undefined ? {} : { replayOf }) };
  }

  #end(recording: Recording): void {
    this.#running--;
    if (this.#findViolations) recording.check(this.#findViolations);
    this.#listeners.tell(recording);
    this.#settle(recording);
  }

  /** Costs time in proportion to the bodies: it waits until the client has its answer. */
  #settle(recording: Recording): void {
    setImmediate(() => {
      try {
        recording.seal();
        this.#keep(recording);
      } catch {
        // Nobody could catch it further up, and a record is not worth the process.
        this.#requests.delete(recording.id);
      }
      this.#settled.tell(recording);
    });
  }

  #keep({ id, weight }: KeptRequest): void {
    if (!this.#requests.has(id)) return;
    this.#weights.set(id, weight);
    this.#finishedWeight += weight;
    this.#dropOldest();
  }

  #dropOldest(): void {
    for (const [id, weight] of this.#weights) {
      if (this.#finishedWeight <= this.#totalLimit && this.#weights.size <= this.#countLimit) return;
      this.#weights.delete(id);
      this.#requests.delete(id);
      this.#finishedWeight -= weight;
    }
  }
}

function byId(request: KeptRequest): readonly [string, KeptRequest] {
  return [request.id, request];
}
