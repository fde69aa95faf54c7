import { chat, inParallel, type Request } from '../client.ts';
import { smallRequest } from '../requests.ts';
import { interleaved, mapValues, median } from '../statistics.ts';
import { digits, ratio, table } from '../table.ts';
import {
  type Bench,
  forEachServer,
  type Goal,
  type Section,
  type ServerName,
  serverNames,
} from './section.ts';

const whySlower = {
  remote:
    'Throughput over the remote API with 64 clients at once: the pass-through copies an answer in reads of 64 KB and never looks at it, at about 1 µs of one thread a chunk. The product finds, records and encodes each chunk as an event of its own, and decodes, records and logs each request, all in one thread. Where its time goes with answers of 1,000 chunks (a profile of 2026-11-26, without loading): passing events on 16 %, socket writes 15 %, the request itself 14 %, records and the log 13 %, reading the stream 12 %, encoding 12 %, the HTTP client 8 %, garbage collection 7 %, socket reads 5 %. Of short answers (20 chunks) two thirds go to Node’s HTTP, sockets, streams and garbage collection, undici, fastify and cryptography, which the pass-through has in part as well. No part is left that would make the difference alone; a second thread for the answers (workers) could.',
  ipc: 'Throughput over IPC: the simulated runtime, which sends each chunk as a message of its own, takes about 5 ms of its one thread for 1,000 chunks, and 1.7 ms over the remote API, where the pass-through is measured: no proxy would reach the goal behind it. Where the product’s time goes (a profile of 2026-11-26): finding and reading the messages 22 %, the WebSocket 12 %, socket writes 16 %, the request itself 13 %, records and the log 12 %, passing events on 9 %, encoding 9 %, garbage collection 7 %, socket reads 2 %.',
} as const;

interface Figures {
  /** Answers. */
  readonly perSecond: number;
  /** For 1,000 answers. */
  readonly cpuSeconds: number;
}

type Result = Readonly<Record<string, Readonly<Record<ServerName, Figures>>>>;

/** Answers a second with 64 clients at once, and the CPU seconds for 1,000 answers. */
export const throughput: Section<Result> = {
  name: 'throughput',
  async measure(bench) {
    const result = {
      'short answers (20 chunks)': await measureAnswers(bench, smallRequest(20), bench.quick ? 64 : 960),
      'long answers (1,000 chunks)': await measureAnswers(bench, smallRequest(1_000), bench.quick ? 64 : 256),
    };
    const goals = Object.entries(result).flatMap(([answers, row]) =>
      (['remote', 'ipc'] as const).map(
        (backend): Goal => ({
          what: `throughput of ${answers}, of the pass-through's, ${serverNames[backend]}`,
          value: row[backend].perSecond / row.floor.perSecond,
          unit: '×',
          limit: 0.6,
          sense: 'at least',
          why: whySlower[backend],
        }),
      ),
    );
    return { result, text: describe(result), goals };
  },
};

async function measureAnswers(
  bench: Bench,
  request: Request,
  count: number,
): Promise<Record<ServerName, Figures>> {
  const samples = await interleaved(
    bench.rounds(5),
    forEachServer(bench, async ({ url, usage }) => {
      const before = await usage();
      const began = performance.now();
      await inParallel(64, count, () => chat(url, request));
      const seconds = (performance.now() - began) / 1_000;
      const { cpuSeconds } = await usage();
      return { perSecond: count / seconds, cpuSeconds: ((cpuSeconds - before.cpuSeconds) / count) * 1_000 };
    }),
  );
  return mapValues(samples, (sample) => ({
    perSecond: median(sample.map(({ perSecond }) => perSecond)),
    cpuSeconds: median(sample.map(({ cpuSeconds }) => cpuSeconds)),
  }));
}

function describe(result: Result): string {
  const head = Object.values(serverNames).flatMap((name) => [
    `${name}: answers a second`,
    'ratio',
    'CPU seconds per 1,000',
    'ratio',
  ]);
  const rows = Object.entries(result).map(([answers, row]) => [
    answers,
    ...[row.floor, row.remote, row.ipc].flatMap(({ perSecond, cpuSeconds }) => [
      digits(perSecond, 0),
      ratio(perSecond, row.floor.perSecond),
      digits(cpuSeconds),
      ratio(cpuSeconds, row.floor.cpuSeconds),
    ]),
  ]);
  return `## Throughput

64 clients at once, upstream as fast as it can. The pass-through does not look at what it pipes: an answer of 1,000 chunks that comes
all at once is some large reads to it, and 1,000 events to the product.

${table(['answers', ...head], rows)}`;
}
