import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const mostBytes = 1024 * 1024;

/** Where an input goes on which a parser hung. */
const folder = join(import.meta.dirname, '..', '..', '.cache', 'fuzz');

/** Runs beside the parsers, which block their own thread when they hang. */
const guard = `
  const { workerData: { shared, folder, patienceMs } } = require('node:worker_threads');
  const { writeFileSync } = require('node:fs');
  const [tries, size, nameSize] = [0, 1, 2];
  const numbers = new Int32Array(shared, 0, 3);
  const bytes = new Uint8Array(shared, 12);
  let last = -1;
  setInterval(() => {
    const now = Atomics.load(numbers, tries);
    if (now === last && now !== 0) {
      const name = Buffer.from(bytes.slice(0, numbers[nameSize])).toString();
      const path = folder + '/hang-' + name;
      writeFileSync(path, bytes.slice(numbers[nameSize], numbers[nameSize] + numbers[size]));
      require('node:fs').writeSync(2, 'HANG: ' + name + ' made no progress for ' + patienceMs + ' ms on the input in ' + path + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }
    last = now;
  }, patienceMs);
`;

/** Ends the whole process when an input is not done with in good time, and leaves that input in a file. */
export class Watchdog {
  readonly #shared = new SharedArrayBuffer(12 + mostBytes);
  readonly #numbers = new Int32Array(this.#shared, 0, 3);
  readonly #bytes = new Uint8Array(this.#shared, 12);
  readonly #worker: Worker;
  #count = 0;

  constructor(patienceMs = 15_000) {
    mkdirSync(folder, { recursive: true });
    this.#worker = new Worker(guard, {
      eval: true,
      workerData: { shared: this.#shared, folder, patienceMs },
    });
    this.#worker.unref();
  }

  /** An input is about to be tried. */
  begin(parser: string, input: Buffer): void {
    const name = Buffer.from(parser);
    const part = input.subarray(0, mostBytes - name.length);
    this.#bytes.set(name);
    this.#bytes.set(part, name.length);
    this.#numbers[1] = part.length;
    this.#numbers[2] = name.length;
    Atomics.store(this.#numbers, 0, ++this.#count);
  }

  /** Nothing is being tried. */
  async end(): Promise<void> {
    Atomics.store(this.#numbers, 0, 0);
    await this.#worker.terminate();
  }
}
