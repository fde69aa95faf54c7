import { type Answer, chat, chatDirectly, inParallel, type Request } from '../client.ts';
import { agentRequest, longRequest, requestsByApi, smallRequest } from '../requests.ts';
import { interleaved, median, quantile } from '../statistics.ts';
import { digits, table } from '../table.ts';
import {
  type Bench,
  forEachServer,
  type Goal,
  type Section,
  type ServerName,
  serverNames,
} from './section.ts';

/** Undefined where there were too few samples for it to say anything. */
export interface Added {
  readonly p50: number;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

/** So many samples have to lie beyond a quantile. */
const fewestBeyond = 3;

/** Milliseconds to the first content: of the upstream itself, and what each proxy adds. */
export interface FirstToken {
  readonly directMs: number;
  readonly added: Readonly<Record<ServerName, Added>>;
}

/** When what the reasons say was measured. */
const profiled = 'a profile of 2026-11-27';

interface Result {
  readonly bySize: Readonly<Record<keyof typeof limits, FirstToken>>;
  /** 1 KB, of proxies that have answered thousands of requests. */
  readonly warm: FirstToken;
  readonly byApi: Readonly<Record<string, Readonly<Record<'remote' | 'ipc', number>>>>;
}

/** Added time to the first token, one request at a time. */
export const firstToken: Section<Result> = {
  name: 'firstToken',
  async measure(bench) {
    const bySize = {
      '1 KB': await measureFirstToken(bench, smallRequest(1), bench.rounds(300)),
      '300 KB with 25 tools': await measureFirstToken(bench, agentRequest(1), bench.rounds(100)),
      '2 MB history': await measureFirstToken(bench, longRequest(2_000_000, 1), bench.rounds(60)),
    };
    for (const { url } of Object.values(bench.servers)) {
      await inParallel(16, bench.quick ? 16 : warmAfter, () => chat(url, smallRequest(1)));
    }
    const warm = await measureFirstToken(bench, smallRequest(1), bench.rounds(300));
    const byApi = await measureApis(bench);
    const result = { bySize, warm, byApi };
    return { result, text: describe(result), goals: goalsOf(result) };
  },
};

/** The same request to the upstream itself and to each server, in turn. */
export async function measureFirstToken(bench: Bench, request: Request, times: number): Promise<FirstToken> {
  const samples = await interleaved(times, {
    direct: () => chatDirectly(bench.upstream, request),
    ...forEachServer(bench, ({ url }) => chat(url, request)),
  });
  return firstTokenOf(samples);
}

export function firstTokenOf(
  samples: Readonly<Record<ServerName | 'direct', readonly Answer[]>>,
): FirstToken {
  const times = (name: ServerName | 'direct') => samples[name].map(({ firstMs }) => firstMs);
  const directMs = median(times('direct'));
  const added = (name: ServerName): Added => {
    const sample = times(name);
    const beyond = (part: number) =>
      sample.length * (1 - part) >= fewestBeyond ? quantile(sample, part) - directMs : undefined;
    return { p50: median(sample) - directMs, p95: beyond(0.95), p99: beyond(0.99) };
  };
  return {
    directMs,
    added: { floor: added('floor'), remote: added('remote'), ipc: added('ipc') },
  };
}

async function measureApis({ servers, rounds }: Bench): Promise<Result['byApi']> {
  const result: Record<string, Record<'remote' | 'ipc', number>> = {};
  const requests = Object.entries(requestsByApi(1));
  for (const backend of ['remote', 'ipc'] as const) {
    const { url } = servers[backend];
    const samples = await interleaved(
      rounds(150),
      Object.fromEntries(requests.map(([api, request]) => [api, () => chat(url, request)])),
    );
    for (const [api] of requests) {
      const firstMs = median((samples[api] ?? []).map((answer) => answer.firstMs));
      result[api] = { remote: 0, ipc: 0, ...result[api], [backend]: firstMs };
    }
  }
  return result;
}

/** Requests. Code that has just been loaded goes on getting faster for some thousand. */
const warmAfter = 10_000;

const limits = { '1 KB': 1.5, '300 KB with 25 tools': 6, '2 MB history': 20 } as const;

const whyLate = {
  '1 KB': `The first token of a small request: a server of fastify and undici alone, without record or any look at the answer, added 0.9 ms in a run in which the product added 1.9 ms over the remote API, and 0.5 ms when the product, after 15,000 requests, added 0.9. The rest is some thirty steps of 10 to 90 µs, in code that a few hundred requests have not made hot. In microseconds of one request (${profiled}): guard, record and reading the body 155, JSON and its schema 150, pool and policies 155, upstream's body and the signature 160, undici 105; on the way back undici 150, reading the answer's first events 90, encoding and headers 130. No step is long; a smaller program could be faster.`,
  '300 KB with 25 tools': whyLongRequestsAreLate(),
  '2 MB history': whyLongRequestsAreLate(),
} as const;

function whyLongRequestsAreLate(): string {
  return `The first token of long requests: the pass-through takes as long, as its column shows. Of 2 MB over the remote API (milliseconds, ${profiled}): receiving 1.2, parsing 3.4, writing JSON 5.0, its bytes 1.8, their MD5 3.1, which stands in a header and so has to be known before the first byte goes out; all else until it is sent 2.2. Upstream then takes its 13. Only a faster JSON or MD5 than Node's could save much.`;
}

function goalsOf({ bySize, warm }: Result): Goal[] {
  const goals = (size: keyof typeof limits, { added }: FirstToken, when = '') =>
    (['remote', 'ipc'] as const).map(
      (backend): Goal => ({
        what: `added time to the first token, ${size}${when}, ${serverNames[backend]}`,
        value: added[backend].p50,
        unit: 'ms',
        limit: limits[size],
        sense: 'at most',
        why: whyLate[size],
      }),
    );
  return [
    ...goals('1 KB', bySize['1 KB']),
    ...goals('1 KB', warm, ` after ${warmAfter} requests`),
    ...goals('300 KB with 25 tools', bySize['300 KB with 25 tools']),
    ...goals('2 MB history', bySize['2 MB history']),
  ];
}

export function firstTokenTable(title: string, rows: Readonly<Record<string, FirstToken>>): string {
  return table(
    [
      title,
      'upstream itself',
      ...Object.values(serverNames).flatMap((name) => [`${name} p50`, 'p95', 'p99']),
    ],
    Object.entries(rows).map(([row, { directMs, added }]) => [
      row,
      digits(directMs),
      ...[added.floor, added.remote, added.ipc].flatMap(({ p50, p95, p99 }) =>
        [p50, p95, p99].map((ms) => (ms === undefined ? '–' : digits(ms))),
      ),
    ]),
  );
}

function describe({ bySize, warm, byApi }: Result): string {
  return `## Added time to the first token

Milliseconds more than the simulated upstream itself takes at its median, one request at a time; no figure where the sample is too
small for it. To reach the upstream directly, a request that has
been built and signed before is sent, so that the pass-through's column is what building and signing take at least. The first lines are
of proxies that have just been started and have answered some hundred requests; the last is of the same ones after ${warmAfter} more.

${firstTokenTable('request', { ...bySize, [`1 KB after ${warmAfter} requests`]: warm })}

Through each API, 1 KB, milliseconds to the first content (p50, the upstream's own included):

${table(
  ['API', 'remote', 'IPC'],
  Object.entries(byApi).map(([api, { remote, ipc }]) => [api, digits(remote), digits(ipc)]),
)}`;
}
