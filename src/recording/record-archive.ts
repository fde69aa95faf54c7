import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import writeFileAtomic from 'write-file-atomic';
import { tryParseJson } from '../core/json.ts';
import type { Logger } from '../core/logger.ts';
import type { KeptRequest, RequestRecord } from './record.ts';
import { RecordFiles } from './record-files.ts';
import type { Recorder } from './recorder.ts';
import { storedLines } from './stored-record.ts';
import type { UsageHistory } from './usage-history.ts';

export interface RecordArchiveOptions {
  readonly directory: string;
  readonly recorder: Recorder;
  readonly usage: UsageHistory;
  /** Bytes of all files together. */
  readonly limit: number;
  /** False: nothing is written, and what was is removed. */
  readonly isOn: () => boolean;
  readonly logger: Logger;
}

/** Records are written once no request has ended for so long, so that writing costs no answer its time. Milliseconds. */
const quietMs = 2_000;
/** And after so long in any case: what a crash may lose. Under load, most of what came meanwhile is superseded. Milliseconds. */
const longestDelayMs = 30_000;
const usageFile = 'usage.json';

/**
 * Keeps records and sums over a restart. What has ended is written when it has become quiet, a record at a time, so that no answer
 * waits for it. Nothing of it may fail a request: what cannot be written is told once in the log.
 */
export class RecordArchive {
  readonly #options: RecordArchiveOptions;
  readonly #files: RecordFiles;
  readonly #unsubscribe: () => void;
  #pending: KeptRequest[] = [];
  #pendingWeight = 0;
  #oldestAt = 0;
  #newestAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<void> = Promise.resolve();
  #hasComplained = false;

  /** Begins to write what ends from now on. */
  constructor(options: RecordArchiveOptions) {
    this.#options = options;
    this.#files = new RecordFiles(options.directory, options.limit);
    this.#unsubscribe = options.recorder.onSettled((request) => this.#add(request));
  }

  /** Hands what an earlier run has left to the recorder. Never rejects. */
  restore(): Promise<void> {
    return this.#inOrder(async () => {
      const { recorder, usage, directory, isOn } = this.#options;
      if (!isOn()) return this.#files.clear();
      usage.restore(tryParseJson(await readFile(join(directory, usageFile), 'utf8').catch(() => '')));
      recorder.restore(await this.#files.read());
    });
  }

  /** Removes all records that were written; the sums stay. Never rejects. */
  clear(): Promise<void> {
    this.#forgetPending();
    return this.#inOrder(() => this.#files.clear());
  }

  /** Writes what is not written yet, and nothing more after that. Never rejects. */
  async close(): Promise<void> {
    this.#unsubscribe();
    clearTimeout(this.#timer);
    await this.flush();
  }

  #add(request: KeptRequest): void {
    this.#newestAt = performance.now();
    if (this.#pending.length === 0) this.#oldestAt = this.#newestAt;
    this.#pending.push(request);
    this.#pendingWeight += request.weight;
    if (this.#pendingWeight > 2 * this.#options.limit) this.#takeNewest();
    this.#timer ??= this.#wait(quietMs);
  }

  /** One timer for all: when it strikes, it is set again for what is left. */
  #wait(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      const due = Math.min(this.#newestAt + quietMs, this.#oldestAt + longestDelayMs);
      const left = Math.ceil(due - performance.now());
      if (left > 0) this.#timer = this.#wait(left);
      else void this.flush();
    }, milliseconds).unref();
  }

  #takeNewest(): readonly KeptRequest[] {
    this.#pending = newest(this.#pending, this.#options.limit);
    this.#pendingWeight = this.#pending.reduce((sum, { weight }) => sum + weight, 0);
    return this.#pending;
  }

  /** Writes what is not written yet. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#takeNewest();
    this.#forgetPending();
    if (pending.length === 0) return this.#queue;
    return this.#inOrder(async () => {
      if (!this.#options.isOn()) return this.#files.clear();
      for (const request of pending) {
        await this.#files.append(storedLines(fitting(request.toRecord(), this.#options.limit / 4)));
        await nextTurn();
      }
      await this.#writeUsage();
    });
  }

  #forgetPending(): void {
    this.#pending = [];
    this.#pendingWeight = 0;
  }

  async #writeUsage(): Promise<void> {
    const { directory, usage } = this.#options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFileAtomic(join(directory, usageFile), JSON.stringify(usage), { mode: 0o600 });
  }

  #inOrder(step: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(step).catch((error: unknown) => {
      if (this.#hasComplained) return;
      this.#hasComplained = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.logger.warn(
        `Records cannot be kept in ${this.#options.directory}: ${reason}. They are in memory only until the next restart.`,
      );
    });
    return this.#queue;
  }
}

/** The latest of these that fit into so many characters: under load, the others would be dropped right after they were written. */
function newest(requests: readonly KeptRequest[], limit: number): KeptRequest[] {
  let weight = 0;
  const first = requests.findLastIndex((request) => {
    weight += request.weight;
    return weight > limit;
  });
  return requests.slice(first + 1);
}

/** A record that is too large by itself is kept without its bodies. */
function fitting(record: RequestRecord, limit: number): RequestRecord {
  const bodies = [record, ...record.upstream];
  const size = bodies.reduce((sum, { request, response }) => sum + request.length + response.length, 0);
  if (size <= limit) return record;
  const without = { request: '', response: '' };
  return {
    ...record,
    ...without,
    requestOmitted: record.requestSize,
    responseOmitted: record.responseSize,
    answer: [],
    upstream: record.upstream.map((exchange) => ({
      ...exchange,
      ...without,
      requestOmitted: exchange.requestSize,
      responseOmitted: exchange.responseSize,
    })),
  };
}
