import { chat, inParallel } from '../client.ts';
import { type Measured, startPassThrough, startProxy } from '../processes.ts';
import { smallRequest } from '../requests.ts';
import { digits, table } from '../table.ts';
import { type Goal, type Section, type ServerName, serverNames } from './section.ts';

interface Figures {
  /** Resident megabytes a second after the start. */
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
  'Memory at rest over the remote API: Node itself takes 41 MB, and the HTTP client (undici) some 20 MB on Node 20 once it has made a request, 14 on Node 24. 7 MB of those 20 are the second compilation of its WebAssembly parser: they are not there with `node --no-wasm-dynamic-tiering`. A client on the parser that Node has built in would do without.';

/** As many as get a place at most. */
const streams = 16;

/** Memory of processes that have just begun, that hold many streams, and that have answered for hours. */
export const memory: Section<Result> = {
  name: 'memory',
  async measure(bench) {
    const { node, upstream } = bench;
    const places = ['--max-concurrent', String(streams)];
    const requests = bench.quick ? 200 : 10_000;
    const result = {
      requests,
      floor: await measureServer(requests, () => startPassThrough(node, upstream, streams)),
      remote: await measureServer(requests, () =>
        startProxy(node, upstream, ['--backend', 'remote', ...places]),
      ),
      ipc: await measureServer(requests, () => startProxy(node, upstream, ['--backend', 'ipc', ...places])),
    };
    const goals = (['remote', 'ipc'] as const).flatMap((backend): Goal[] => [
      {
        what: `resident at rest, ${serverNames[backend]}`,
        value: result[backend].atRest,
        unit: 'MB',
        limit: 80,
        sense: 'at most',
        ...(backend === 'remote' ? { why: whyLarger } : {}),
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

async function measureServer(requests: number, start: () => Promise<Measured>): Promise<Figures> {
  const server = await start();
  try {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const atRest = await server.usage();
    await inParallel(16, 200, () => chat(server.url, smallRequest(20)));
    const before = await server.usageAfterCollection();
    const open = await openStreams(server, streams);
    const during = await server.usageAfterCollection();
    await open.ended;
    await inParallel(16, requests, () => chat(server.url, smallRequest(20)));
    const after = await server.usageAfterCollection();
    return {
      atRest: atRest.residentBytes / 1e6,
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

Megabytes resident: a second after the start, with ${streams} streams open, and after ${result.requests} more answers of 20 chunks, all
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
