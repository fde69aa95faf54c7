import { type Profiler, Session } from 'node:inspector';

const source = /\/src\/.*\.ts$/;

/**
 * Which code of this program has run so far, character by character, as V8 counts it. Of inputs those are worth keeping that reach
 * what none reached before.
 */
export class Coverage {
  readonly #session = new Session();
  /** By file: 1 where code has run. */
  readonly #reached = new Map<string, Uint8Array>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Characters of code that were reached since the last call and never before. */
  takeNew(): number {
    let found = 0;
    // The answer comes before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (_error, answer) => {
      for (const script of answer?.result ?? []) if (source.test(script.url)) found += this.#add(script);
    });
    return found;
  }

  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  #add({ url, functions }: Profiler.ScriptCoverage): number {
    const end = Math.max(0, ...functions.flatMap(({ ranges }) => ranges.map(({ endOffset }) => endOffset)));
    const now = new Uint8Array(end);
    // Outer ranges come before those within them.
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges)
        now.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    }
    const known = this.#reached.get(url);
    const before = known && known.length >= end ? known : grown(known, end);
    let found = 0;
    for (const [offset, ran] of now.entries()) {
      if (ran === 1 && before[offset] === 0) {
        before[offset] = 1;
        found++;
      }
    }
    this.#reached.set(url, before);
    return found;
  }
}

function grown(known: Uint8Array | undefined, size: number): Uint8Array {
  const larger = new Uint8Array(size);
  if (known) larger.set(known);
  return larger;
}
