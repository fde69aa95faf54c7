import { keep, readCorpus } from './corpus.ts';
import type { Coverage } from './coverage.ts';
import { assertUnpolluted, type FuzzedParser } from './fuzzed-parser.ts';
import { mutate } from './mutate.ts';
import { Random, seedOf } from './random.ts';
import { shrink } from './shrink.ts';
import type { Watchdog } from './watchdog.ts';

/** What became of a parser's inputs; the row of a table. */
export interface FuzzRow {
  readonly parser: string;
  readonly tried: number;
  readonly passed: number;
  readonly failed: number;
  /** Inputs that are kept for it. */
  readonly corpus: number;
}

/** What a run over all parsers measured, as kept for docs/reliability.md. */
export interface FuzzResult {
  readonly seconds: number;
  readonly seed: number;
  readonly rows: readonly FuzzRow[];
}

export interface FuzzOptions {
  readonly seed: number;
  /** Whether to go on after so many inputs. */
  readonly goesOn: (tried: number) => boolean;
  readonly watchdog: Watchdog;
  /** Inputs that reach new code become what others are made of. */
  readonly coverage?: Coverage;
  /** Writes inputs that reach new code, and those that fail, to the corpus. */
  readonly saves?: boolean;
  readonly report: (failure: string) => void;
}

/** After so many different failures a parser is left alone. */
const mostFailures = 5;
/** Larger inputs are not kept for reaching new code. */
const mostKeptBytes = 2 * 1024;

/** Tries a parser with its corpus, then with what mutations make of it. */
export async function fuzz(parser: FuzzedParser, options: FuzzOptions): Promise<FuzzRow> {
  const { coverage, report } = options;
  const random = new Random(options.seed ^ seedOf(Buffer.from(parser.name)));
  const corpus = readCorpus(parser.name);
  const pool = corpus.map(({ bytes }) => bytes);
  const { dictionary, mostBytes } = parser;
  const failures = new Set<string>();
  let tried = 0;
  let failed = 0;
  let saved = 0;

  const attempt = async (input: Buffer, name: string): Promise<void> => {
    tried++;
    const problem = await problemWith(parser, input, options.watchdog);
    if (problem === undefined) return;
    failed++;
    const place = whereOf(problem);
    if (failures.has(place)) return;
    failures.add(place);
    const smallest = await shrink(input, async (smaller) => {
      const other = await problemWith(parser, smaller, options.watchdog);
      return other !== undefined && whereOf(other) === place;
    });
    const path = options.saves ? ` (kept as ${keep(parser.name, 'failed', smallest)})` : '';
    report(`${parser.name}, ${name}${path}\n${show(smallest)}\n${problem.stack ?? problem.message}`);
  };

  for (const { name, bytes } of corpus) await attempt(bytes, `corpus ${name}`);
  coverage?.takeNew();
  while (options.goesOn(tried) && failures.size < mostFailures) {
    const input = mutate(random.pick(pool), { dictionary, pool, mostBytes }, random);
    await attempt(input, `seed ${options.seed}`);
    if (coverage && coverage.takeNew() > 0) {
      pool.push(input.subarray(0, mostKeptBytes));
      if (options.saves && input.length <= mostKeptBytes) {
        keep(parser.name, 'found', input);
        saved++;
      }
    }
  }
  return { parser: parser.name, tried, passed: tried - failed, failed, corpus: corpus.length + saved };
}

async function problemWith(
  parser: FuzzedParser,
  input: Buffer,
  watchdog: Watchdog,
): Promise<Error | undefined> {
  watchdog.begin(parser.name, input);
  try {
    await parser.check(input);
    assertUnpolluted();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** What tells one failure from another: where it was thrown, and how its message begins. */
function whereOf({ message, stack = '' }: Error): string {
  const frames = stack
    .split('\n')
    .filter((line) => line.includes('/src/') || line.includes('/fuzz/parsers/'));
  return `${message.split('\n')[0]?.replaceAll(/\d+/g, '0').slice(0, 60)} ${frames.slice(0, 2).join()}`;
}

function show(input: Buffer): string {
  const text = input.toString();
  const shown = Buffer.from(text).equals(input) ? JSON.stringify(text) : `hex ${input.toString('hex')}`;
  return shown.length > 2_000 ? `${shown.slice(0, 2_000)}… (${input.length} bytes)` : shown;
}
