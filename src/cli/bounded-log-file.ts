import { appendFileSync, renameSync, statSync } from 'node:fs';

const usualLimit = 1_000_000;

/** A log file that only its user can read. At `limit` bytes it becomes `<path>.1`, in the place of the one before, and begins anew. */
export class BoundedLogFile {
  readonly #path: string;
  readonly #limit: number;
  #size: number;

  constructor(path: string, limit = usualLimit) {
    this.#path = path;
    this.#limit = limit;
    this.#size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Appends a line. Never throws: a full disk is no reason to end. */
  write(line: string): void {
    const text = `${line}\n`;
    try {
      if (this.#size > 0 && this.#size + text.length > this.#limit) {
        renameSync(this.#path, `${this.#path}.1`);
        this.#size = 0;
      }
      appendFileSync(this.#path, text, { mode: 0o600 });
      this.#size += Buffer.byteLength(text);
    } catch {
      // Nobody is there to be told.
    }
  }
}
