import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chat, inParallel, type Request } from '../client.ts';
import { attachWindow, startDetached } from '../detached.ts';
import { type Measured, startProxy } from '../processes.ts';
import { longRequest, smallRequest } from '../requests.ts';
import { interleaved, mapValues } from '../statistics.ts';
import { digits, ratio, table } from '../table.ts';
import type { Bench, Goal, Section } from './section.ts';

const ways = {
  without: 'sizes, times and notes alone',
  memory: 'with bodies, in memory',
  files: 'with bodies, in files too (as in VS Code)',
  watched: 'and a window that is told of each',
} as const;

type Way = keyof typeof ways;

const whyDearer =
  'Recording: what is kept of 1,000 chunks are three texts (what upstream sent, what it said, what the client got) and when each chunk came. They are copied once, which takes a tenth of the time, and a record is 73 KB that live on, which the garbage collector has to copy twice before it leaves them alone; what is not recorded is gone before it looks. An answer that is kept in one form alone, from which the others are made again when somebody looks, would be cheaper, and would show what should have gone over the wires instead of what did.';

/** By then, records have been written to files. Milliseconds. */
const quietMs = 5_000;

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
          why: whyDearer,
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
  const rounds = bench.rounds(7);
  const before = await usageOnceQuiet(bench, servers);
  await interleaved(
    rounds,
    mapValues(
      servers,
      ({ url }) =>
        () =>
          inParallel(4, count, () => chat(url, request)),
    ),
  );
  const after = await usageOnceQuiet(bench, servers);
  return mapValues(before, (used, way) => ((after[way] - used) / (count * rounds)) * 1_000);
}

/** CPU seconds so far, with what was put off until it is quiet. */
async function usageOnceQuiet(
  bench: Bench,
  servers: Readonly<Record<Way, Measured>>,
): Promise<Record<Way, number>> {
  await delay(bench.quick ? 0 : quietMs);
  const { without, memory, files, watched } = servers;
  const used = await Promise.all([without, memory, files, watched].map(({ usage }) => usage()));
  const [a = 0, b = 0, c = 0, d = 0] = used.map(({ cpuSeconds }) => cpuSeconds);
  return { without: a, memory: b, files: c, watched: d };
}

function describe(result: Result): string {
  const names = Object.keys(ways) as Way[];
  return `## Recording

CPU milliseconds a request over the remote backend, and the ratio to recording no bodies. With the time that writing files takes once
it is quiet: what is written is redacted before, each body of the client and of the upstream, and under load only what will stay is.

${table(
  ['recorded', ...Object.keys(result).flatMap((request) => [request, 'ratio'])],
  names.map((way) => [
    ways[way],
    ...Object.values(result).flatMap((row) => [digits(row[way]), ratio(row[way], row.without)]),
  ]),
)}`;
}
