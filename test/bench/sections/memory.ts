import { chat, inParallel } from '../client.ts';
import { type Measured, startPassThrough, startProxy } from '../processes.ts';
import { smallRequest } from '../requests.ts';
import { median } from '../statistics.ts';
import { digits, table } from '../table.ts';
import { type Goal, type Section, type ServerName, serverNames } from './section.ts';

interface Figures {
  /** Resident megabytes a second after the start; the median of some starts. */
  readonly atRest: number;
  /** Resident megabytes, with so many streams open. */
  readonly withStreams: number;
  /** Kilobytes of heap and buffers for each open stream. */
  readonly stream: number;
  /** Resident megabytes after many requests. */
  readonly afterwards: number;
  /** Megabytes of heap and buffers in use, then. */
  readonly heapAfterwards: number;
}

interface Result extends Readonly<Record<ServerName, Figures>> {
  readonly requests: number;
}

const whyLarger =
  'Memory at rest: the pass-through, which is Node and next to nothing, takes 46 MB on Node 20. The proxy adds 8 MB of heap, the room that the heap keeps for what is new, and 7 MB of Node itself that it comes to use. Starts of the same program differ by 8 MB outside the heap, by which thread compiled what: with the same heap, 69 MB and 77 MB were seen in turn.';

/** As many as get a place at most. */
const streams = 16;

/** Memory of processes that have just begun, that hold many streams, and that have answered for hours. */
export const memory: Section<Result> = {
  name: 'memory',
  async measure(bench) {
    const { node, upstream } = bench;
    const starts = bench.rounds(7);
    const places = ['--max-concurrent', String(streams)];
    const requests = bench.quick ? 200 : 10_000;
    const result = {
      requests,
      floor: await measureServer(requests, starts, () => startPassThrough(node, upstream, streams)),
      remote: await measureServer(requests, starts, () =>
        startProxy(node, upstream, ['--backend', 'remote', ...places]),
      ),
      ipc: await measureServer(requests, starts, () =>
        startProxy(node, upstream, ['--backend', 'ipc', ...places]),
      ),
    };
    const goals = (['remote', 'ipc'] as const).flatMap((backend): Goal[] => [
      {
        what: `resident at rest, ${serverNames[backend]}`,
        value: result[backend].atRest,
        unit: 'MB',
        limit: 80,
        sense: 'at most',
        why: whyLarger,
      },
      {
        what: `memory of an open stream, ${serverNames[backend]}`,
        value: result[backend].stream,
        unit: 'KB',
        limit: 300,
        sense: 'at most',
      },
    ]);
    return { result, text: describe(result), goals };
  },
};

async function measureServer(
  requests: number,
  starts: number,
  start: () => Promise<Measured>,
): Promise<Figures> {
  const atRest: number[] = [];
  while (atRest.length < starts) {
    const server = await start();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    atRest.push((await server.usage()).residentBytes / 1e6);
    await server.stop();
  }
  const server = await start();
  try {
    await inParallel(16, 200, () => chat(server.url, smallRequest(20)));
    const before = await server.usageAfterCollection();
    const open = await openStreams(server, streams);
    const during = await server.usageAfterCollection();
    await open.ended;
    await inParallel(16, requests, () => chat(server.url, smallRequest(20)));
    const after = await server.usageAfterCollection();
    return {
      atRest: median(atRest),
      withStreams: during.residentBytes / 1e6,
      stream: (during.heapBytes - before.heapBytes) / open.count / 1e3,
      afterwards: after.residentBytes / 1e6,
      heapAfterwards: after.heapBytes / 1e6,
    };
  } finally {
    await server.stop();
  }
}

/** Streams of which each has begun and none has ended. */
async function openStreams(
  { url }: Measured,
  count: number,
): Promise<{ count: number; ended: Promise<unknown> }> {
  const ended: Promise<unknown>[] = [];
  await Promise.all(
    Array.from(
      { length: count },
      () => new Promise<void>((resolve) => ended.push(chat(url, smallRequest(40, 10), resolve))),
    ),
  );
  return { count, ended: Promise.all(ended) };
}

function describe(result: Result): string {
  return `## Memory

Megabytes resident: a second after the start (the median of several), with ${streams} streams open, and after ${result.requests} more answers of 20 chunks, all
recorded. For each open stream, kilobytes of heap and buffers in use.

${table(
  ['', 'at rest', 'with streams', 'KB an open stream', 'afterwards', 'heap and buffers afterwards'],
  Object.entries(serverNames).map(([name, title]) => {
    const { atRest, withStreams, stream, afterwards, heapAfterwards } = result[name as ServerName];
    return [
      title,
      ...[atRest, withStreams, stream, afterwards, heapAfterwards].map((value) => digits(value, 0)),
    ];
  }),
)}`;
}
