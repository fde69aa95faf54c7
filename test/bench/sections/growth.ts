import { chat, type Request } from '../client.ts';
import { longRequest, smallRequest } from '../requests.ts';
import { interleaved, median, straightLine } from '../statistics.ts';
import { digits, table } from '../table.ts';
import { type Bench, forEachServer, type Section, type ServerName, serverNames } from './section.ts';

interface Growth {
  /** CPU milliseconds a request, at each size. */
  readonly cpuMs: readonly number[];
  /** CPU milliseconds more for each unit. */
  readonly slope: number;
  /** 1: the cost lies on a straight line. */
  readonly fit: number;
}

interface Result {
  readonly request: Readonly<Record<ServerName, Growth>>;
  readonly stream: Readonly<Record<ServerName, Growth>>;
}

const megabytes = [0.25, 0.5, 1, 2, 3];
const thousands = [0.25, 0.5, 1, 2, 4];

/** Whether twice as much costs twice as much. */
export const growth: Section<Result> = {
  name: 'growth',
  async measure(bench) {
    const result = {
      request: await measureGrowth(bench, megabytes, (size) => longRequest(size * 1e6, 1), 6),
      stream: await measureGrowth(bench, thousands, (length) => smallRequest(length * 1_000), 10),
    };
    return { result, text: describe(result) };
  },
};

async function measureGrowth(
  bench: Bench,
  sizes: readonly number[],
  toRequest: (size: number) => Request,
  times: number,
): Promise<Record<ServerName, Growth>> {
  const cpuMs: Record<ServerName, number[]> = { floor: [], remote: [], ipc: [] };
  for (const size of sizes) {
    const request = toRequest(size);
    const samples = await interleaved(
      bench.rounds(3),
      forEachServer(bench, async ({ url, usage }) => {
        const before = await usage();
        for (let time = 0; time < bench.rounds(times); time++) await chat(url, request);
        const after = await usage();
        return ((after.cpuSeconds - before.cpuSeconds) / bench.rounds(times)) * 1_000;
      }),
    );
    for (const name of ['floor', 'remote', 'ipc'] as const) cpuMs[name].push(median(samples[name]));
  }
  const fitted = (name: ServerName): Growth => {
    const { slope, fit } = straightLine(sizes.map((size, index) => [size, cpuMs[name][index] ?? 0]));
    return { cpuMs: cpuMs[name], slope, fit };
  };
  return { floor: fitted('floor'), remote: fitted('remote'), ipc: fitted('ipc') };
}

function describe({ request, stream }: Result): string {
  return `## Growth

CPU milliseconds a request; the slope of the straight line through them, and how well they lie on it (1: wholly).

${growthTable(megabytes, 'MB of request', request)}

${growthTable(thousands, 'thousand chunks', stream)}`;
}

function growthTable(sizes: readonly number[], unit: string, growths: Result['request']): string {
  return table(
    ['', ...sizes.map((size) => `${size} ${unit}`), 'slope', 'fit'],
    (['floor', 'remote', 'ipc'] as const).map((name) => {
      const { cpuMs, slope, fit } = growths[name];
      return [serverNames[name], ...cpuMs.map((ms) => digits(ms, 1)), digits(slope), digits(fit, 3)];
    }),
  );
}
