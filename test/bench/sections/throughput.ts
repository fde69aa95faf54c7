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
    'Throughput over the remote API with 64 clients at once: the pass-through copies an answer in reads of 64 KB and never looks at it. The product finds, records and encodes each chunk as an event of its own, and decodes, records and logs each request, all in one thread, of which it takes all there is. Where its time goes with answers of 1,000 chunks (a profile of 2026-11-27, in hundredths): reading the stream 18, writing to clients 15, garbage collection 14, records and the log 11, the request itself 10, encoding 8, the HTTP client 6, passing events on 5, the rest of Node 5. Of short answers (20 chunks): the request itself 16, writing to clients 15, the HTTP client 12, reading 11, garbage collection 11, records and the log 10, passing on 7, the rest of Node 6, encoding 3. The pass-through has the writes, the HTTP client and the rest of Node as well. No part is left that would make the difference alone; a second thread for the answers (workers) could.',
  ipc: 'Throughput over IPC: the pass-through is measured over the remote API, where a read of 64 KB holds 190 chunks of one answer. Here each chunk is a message with a header in a WebSocket frame, and 16 answers share one connection, so that each read holds some of every answer, and there are 16 writes for an answer instead of 7. The simulated runtime takes 2.4 ms of its one thread for 1,000 chunks, and 1.0 over the remote API. Where the product’s time goes (a profile of 2026-11-27, in hundredths): finding and reading the messages 27, writing to clients 16, the WebSocket 15, garbage collection 10, the request itself 10, records and the log 7, passing events on 5, encoding 4, the rest of Node 3.',
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
  // What a proxy does for hours: code that has just been loaded goes on getting faster for some thousand answers.
  for (const { url } of Object.values(bench.servers)) {
    await inParallel(64, bench.quick ? 64 : 2 * count, () => chat(url, request));
  }
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

64 clients at once, upstream as fast as it can, each server after twice as many answers that do not count. The pass-through does not look at what it pipes: an answer of 1,000 chunks that comes
all at once is some large reads to it, and 1,000 events to the product.

${table(['answers', ...head], rows)}`;
}
