import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tryParseJson } from '../core/json.ts';
import type { KeptRequest } from './record.ts';
import { RestoredRequest } from './restored-request.ts';
import { summarySchema } from './stored-record.ts';

/** What a file begins with; files of other versions are removed. */
const header = '{"format":"lingma-proxy-records","version":1}';
const fileName = /^records-\d{13}-[\w-]+\.jsonl$/;
/** Among how many files the limit is divided: the oldest goes as a whole. */
const mostFiles = 8;

interface RecordFile {
  readonly path: string;
  size: number;
}

/**
 * Records in a folder: appended to a file, until that is full and a new one begins; the oldest file goes when all together are too
 * large. Readable for this user only. What cannot be read is passed over.
 */
export class RecordFiles {
  readonly #directory: string;
  readonly #fileLimit: number;
  readonly #limit: number;
  /** Oldest first; the last one is written to if it is ours. */
  #files: RecordFile[] = [];
  #own: RecordFile | undefined;
  readonly #series = randomUUID().slice(0, 8);
  #written = 0;

  /** `limit`: bytes of all files together, about. */
  constructor(directory: string, limit: number) {
    this.#directory = directory;
    this.#limit = limit;
    this.#fileLimit = limit / mostFiles;
  }

  /** The requests of earlier runs, oldest first. */
  async read(): Promise<KeptRequest[]> {
    await this.#list();
    await this.#dropOldest();
    const requests = new Map<string, KeptRequest>();
    for (const { path } of this.#files) {
      const found = await readRecords(path);
      if (found === 'not-ours') await rm(path, { force: true });
      else for (const request of found) requests.set(request.id, request);
    }
    return [...requests.values()];
  }

  /** Adds the lines of a record. */
  async append(lines: readonly [summary: string, details: string]): Promise<void> {
    const text = `${lines.join('\n')}\n`;
    const file = await this.#fileToAppendTo();
    await appendFile(file.path, text, { mode: 0o600 });
    file.size += Buffer.byteLength(text);
    await this.#dropOldest();
  }

  /** Removes every file, also those of other windows. */
  async clear(): Promise<void> {
    await this.#list();
    for (const { path } of this.#files) await rm(path, { force: true });
    this.#files = [];
    this.#own = undefined;
  }

  async #fileToAppendTo(): Promise<RecordFile> {
    if (this.#own && this.#own.size < this.#fileLimit) return this.#own;
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const path = join(this.#directory, this.#nextName());
    await appendFile(path, `${header}\n`, { mode: 0o600, flag: 'ax' });
    await this.#list();
    this.#own = this.#files.find((file) => file.path === path) ?? { path, size: 0 };
    return this.#own;
  }

  /** Names sort by age; those of several windows do not meet. */
  #nextName(): string {
    const number = String(this.#written++).padStart(6, '0');
    return `records-${Date.now()}-${this.#series}-${number}.jsonl`;
  }

  async #list(): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    const paths = names.filter((name) => fileName.test(name)).map((name) => join(this.#directory, name));
    this.#files = await Promise.all(
      paths
        .sort()
        .map(async (path) => ({ path, size: (await stat(path).catch(() => undefined))?.size ?? 0 })),
    );
  }

  async #dropOldest(): Promise<void> {
    const total = () => this.#files.reduce((sum, { size }) => sum + size, 0);
    while (this.#files.length > 1 && total() > this.#limit) {
      const oldest = this.#files.shift();
      if (oldest) await rm(oldest.path, { force: true });
    }
  }
}

async function readRecords(path: string): Promise<KeptRequest[] | 'not-ours'> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\n');
  if (lines[0] !== header) return 'not-ours';
  const requests: KeptRequest[] = [];
  for (let index = 1; index < lines.length; index++) {
    const { success, data: summary } = summarySchema.safeParse(tryParseJson(lines[index] ?? ''));
    const details = lines[index + 1];
    // A line that is no summary is the rest of a record that was torn: the next one may be whole again.
    if (!success || details === undefined) continue;
    requests.push(new RestoredRequest(summary, details));
    index++;
  }
  return requests;
}
