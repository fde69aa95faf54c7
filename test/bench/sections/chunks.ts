import { type Answer, chat, chatDirectly, type Request } from '../client.ts';
import type { Measured } from '../processes.ts';
import { smallRequest, toolRequest } from '../requests.ts';
import { interleaved, mapValues, median, quantile } from '../statistics.ts';
import { digits, ratio, table } from '../table.ts';
import {
  type Bench,
  forEachServer,
  type Goal,
  type Section,
  type ServerName,
  serverNames,
} from './section.ts';

interface Figures {
  /** For 1,000 chunks. */
  readonly cpuSeconds: number;
  /** Client events for each chunk. */
  readonly events: number;
  /** Milliseconds more than directly from the upstream. */
  readonly delay: { readonly p50: number; readonly p99: number };
}

type Result = Readonly<Record<'plain' | 'tools', Readonly<Record<ServerName, Figures>>>>;

const rate = 200;

/** Chunks that come one by one: what each costs, how late it is, and whether it stays one. */
export const chunks: Section<Result> = {
  name: 'chunks',
  async measure(bench) {
    const count = bench.quick ? 100 : 1_000;
    const result = {
      plain: await measureStreams(bench, smallRequest(count, rate), count),
      tools: await measureStreams(bench, toolRequest(count, rate), count),
    };
    const goals = (['remote', 'ipc'] as const).map(
      (backend): Goal => ({
        what: `CPU per 1,000 chunks, of the pass-through's, ${serverNames[backend]}`,
        value: result.plain[backend].cpuSeconds / result.plain.floor.cpuSeconds,
        unit: '×',
        limit: 2,
        sense: 'at most',
      }),
    );
    return { result, text: describe(result), goals };
  },
};

async function measureStreams(
  bench: Bench,
  request: Request,
  count: number,
): Promise<Record<ServerName, Figures>> {
  const streams = bench.quick ? 4 : 16;
  const all = (send: () => Promise<Answer>) => Promise.all(Array.from({ length: streams }, send));
  const through = async ({ url, usage }: Measured) => {
    const before = await usage();
    const answers = await all(() => chat(url, request));
    const after = await usage();
    return { answers, cpuSeconds: after.cpuSeconds - before.cpuSeconds };
  };
  const samples = await interleaved(bench.rounds(3), {
    direct: async () => ({ answers: await all(() => chatDirectly(bench.upstream, request)), cpuSeconds: 0 }),
    ...forEachServer(bench, through),
  });
  const figures = mapValues(samples, (sample) => {
    const delays = sample.flatMap(({ answers }) => answers.flatMap((answer) => answer.delays));
    return {
      cpuSeconds: (median(sample.map(({ cpuSeconds }) => cpuSeconds)) / (streams * count)) * 1_000,
      events:
        median(sample.map(({ answers }) => answers.reduce((sum, { events }) => sum + events, 0))) /
        (streams * count),
      delay: { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99) },
    };
  });
  const { direct, ...servers } = figures;
  return mapValues(servers, (each) => ({
    ...each,
    delay: { p50: each.delay.p50 - direct.delay.p50, p99: each.delay.p99 - direct.delay.p99 },
  }));
}

function describe(result: Result): string {
  const rows = (['plain', 'tools'] as const).flatMap((kind) =>
    (['floor', 'remote', 'ipc'] as const).map((server) => {
      const { cpuSeconds, events, delay } = result[kind][server];
      return [
        `${serverNames[server]}${kind === 'tools' ? ', with tools' : ''}`,
        digits(cpuSeconds, 4),
        ratio(cpuSeconds, result[kind].floor.cpuSeconds),
        digits(events, 3),
        digits(delay.p50),
        digits(delay.p99),
      ];
    }),
  );
  return `## Chunks

Chunks that come one by one, ${rate} a second on each of several streams at once. Delay: milliseconds later than directly from the upstream.

${table(['', 'CPU seconds per 1,000 chunks', 'ratio', 'client events per upstream chunk', 'delay p50', 'delay p99'], rows)}`;
}
