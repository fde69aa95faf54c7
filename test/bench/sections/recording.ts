import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chat, inParallel, type Request } from '../client.ts';
import { attachWindow, startDetached } from '../detached.ts';
import { type Measured, startProxy } from '../processes.ts';
import { longRequest, smallRequest } from '../requests.ts';
import { interleaved, mapValues, median } from '../statistics.ts';
import { digits, ratio, table } from '../table.ts';
import type { Bench, Goal, Section } from './section.ts';

const ways = {
  without: 'sizes, times and notes alone',
  memory: 'with bodies, in memory',
  files: 'with bodies, in files too (as in VS Code)',
  watched: 'and a window that is told of each',
} as const;

type Way = keyof typeof ways;
/** CPU milliseconds a request of the proxy's process. */
type Result = Readonly<Record<string, Readonly<Record<Way, number>>>>;

/** What recording costs, and an inspector that looks on. */
export const recording: Section<Result> = {
  name: 'recording',
  async measure(bench) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-state-'));
    const { node, upstream } = bench;
    const started = await Promise.all([
      startProxy(node, upstream, ['--record-bodies=false']),
      startProxy(node, upstream, []),
      startDetached(node, upstream, join(folder, 'files')),
      startDetached(node, upstream, join(folder, 'watched')),
    ]);
    const [without, memory, files, watched] = started;
    const leave = await attachWindow(join(folder, 'watched'));
    try {
      const servers = { without, memory, files, watched };
      const result = {
        '1 KB, 20 chunks': await measureWays(bench, servers, smallRequest(20), bench.quick ? 32 : 640),
        '1 KB, 1,000 chunks': await measureWays(bench, servers, smallRequest(1_000), bench.quick ? 16 : 96),
        '300 KB, 20 chunks': await measureWays(
          bench,
          servers,
          longRequest(300_000, 20),
          bench.quick ? 16 : 96,
        ),
      };
      const goals = Object.entries(result).map(
        ([request, row]): Goal => ({
          what: `CPU with bodies recorded, of that without, ${request}`,
          value: row.memory / row.without,
          unit: '×',
          limit: 1.1,
          sense: 'at most',
        }),
      );
      return { result, text: describe(result), goals };
    } finally {
      leave();
      await Promise.all(started.map((server) => server.stop()));
      rmSync(folder, { recursive: true });
    }
  },
};

async function measureWays(
  bench: Bench,
  servers: Readonly<Record<Way, Measured>>,
  request: Request,
  count: number,
): Promise<Record<Way, number>> {
  for (const { url } of Object.values(servers))
    await inParallel(4, bench.rounds(64), () => chat(url, request));
  const samples = await interleaved(
    bench.rounds(7),
    mapValues(servers, ({ url, usage }) => async () => {
      const before = await usage();
      await inParallel(4, count, () => chat(url, request));
      const after = await usage();
      return ((after.cpuSeconds - before.cpuSeconds) / count) * 1_000;
    }),
  );
  return mapValues(samples, median);
}

function describe(result: Result): string {
  const names = Object.keys(ways) as Way[];
  return `## Recording

CPU milliseconds a request over the remote backend, and the ratio to recording no bodies.

${table(
  ['recorded', ...Object.keys(result).flatMap((request) => [request, 'ratio'])],
  names.map((way) => [
    ways[way],
    ...Object.values(result).flatMap((row) => [digits(row[way]), ratio(row[way], row.without)]),
  ]),
)}`;
}
