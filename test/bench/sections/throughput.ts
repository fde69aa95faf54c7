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

const whySlower = [
  'Throughput with 64 clients at once: the pass-through copies an answer in reads of 64 KB and never looks at it, at about 1 µs of one thread a chunk.',
  'The product finds, decodes, records and encodes each chunk as an event of its own, and checks, decodes, records and signs each request. One thread does it all.',
  'A profile of short answers over the remote API by what ran: socket writes 16 %, Node’s HTTP, streams, buffers, timers, promises and signals 23 %, garbage collection 7 %, undici 6 %, fastify with its router 5 %, cryptography 2 %, zod 1 %, the look at the login’s file 4 %;',
  'of the program’s own parts the remote backend 8 %, recording 7 %, the server 6 %, core 5 %, policies 4 %, the dialect 3 %. No function but the socket write has more than 4 %.',
  'Were all of its own parts free, two thirds would be left. More would take a second thread for the answers (workers).',
].join(' ');

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
          why: whySlower,
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
