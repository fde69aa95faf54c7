import { type Answer, chat, chatDirectly, type Request } from '../client.ts';
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

export interface Added {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Milliseconds to the first content: of the upstream itself, and what each proxy adds. */
export interface FirstToken {
  readonly directMs: number;
  readonly added: Readonly<Record<ServerName, Added>>;
}

interface Result {
  readonly bySize: Readonly<Record<string, FirstToken>>;
  readonly byApi: Readonly<Record<string, Readonly<Record<'remote' | 'ipc', number>>>>;
}

/** Added time to the first token, one request at a time. */
export const firstToken: Section<Result> = {
  name: 'firstToken',
  async measure(bench) {
    const bySize = {
      '1 KB': await measureFirstToken(bench, smallRequest(1), bench.rounds(300)),
      '300 KB with 25 tools': await measureFirstToken(bench, agentRequest(1), bench.rounds(60)),
      '2 MB history': await measureFirstToken(bench, longRequest(2_000_000, 1), bench.rounds(25)),
    };
    const byApi = await measureApis(bench);
    return { result: { bySize, byApi }, text: describe(bySize, byApi), goals: goalsOf(bySize) };
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
  const at = (name: ServerName | 'direct', part: number) =>
    quantile(
      samples[name].map(({ firstMs }) => firstMs),
      part,
    );
  const added = (name: ServerName): Added => ({
    p50: at(name, 0.5) - at('direct', 0.5),
    p95: at(name, 0.95) - at('direct', 0.95),
    p99: at(name, 0.99) - at('direct', 0.99),
  });
  return {
    directMs: at('direct', 0.5),
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

const limits = { '1 KB': 1.5, '300 KB with 25 tools': 6, '2 MB history': 20 } as const;

function goalsOf(bySize: Readonly<Record<keyof typeof limits, FirstToken>>): Goal[] {
  return (Object.keys(limits) as (keyof typeof limits)[]).flatMap((size) =>
    (['remote', 'ipc'] as const).map((backend) => ({
      what: `added time to the first token, ${size}, ${serverNames[backend]}`,
      value: bySize[size].added[backend].p50,
      unit: 'ms',
      limit: limits[size],
      sense: 'at most',
    })),
  );
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
        [p50, p95, p99].map((ms) => digits(ms)),
      ),
    ]),
  );
}

function describe(bySize: Result['bySize'], byApi: Result['byApi']): string {
  return `## Added time to the first token

Milliseconds more than the simulated upstream itself takes, one request at a time. To reach the upstream directly, a request that has
been built and signed before is sent, so that the pass-through's column is what building and signing take at least.

${firstTokenTable('request', bySize)}

Through each API, 1 KB, milliseconds to the first content (p50, the upstream's own included):

${table(
  ['API', 'remote', 'IPC'],
  Object.entries(byApi).map(([api, { remote, ipc }]) => [api, digits(remote), digits(ipc)]),
)}`;
}
