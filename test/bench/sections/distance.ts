import { type Answer, chat, chatDirectly, inParallel } from '../client.ts';
import { smallRequest } from '../requests.ts';
import { interleaved } from '../statistics.ts';
import { type FirstToken, firstTokenOf, firstTokenTable } from './first-token.ts';
import { type Bench, forEachServer, type Goal, type Section, serverNames } from './section.ts';

type Result = Readonly<Record<string, FirstToken>>;

const latencies = [0, 20, 80];
const clientCounts = [1, 4, 16, 64];

/** Added time to the first token when the upstream is far away, and when many ask at once. */
export const distance: Section<Result> = {
  name: 'distance',
  async measure(bench) {
    const result: Record<string, FirstToken> = {};
    for (const latencyMs of latencies) {
      await bench.upstream.setLatency(latencyMs);
      for (const clients of clientCounts) {
        result[named(latencyMs, clients)] = await measureAtOnce(bench, clients);
      }
    }
    await bench.upstream.setLatency(0);
    const goals = (['remote', 'ipc'] as const).map(
      (backend): Goal => ({
        what: `added time to the first token, upstream 80 ms away, ${serverNames[backend]}`,
        value: result[named(80, 1)]?.added[backend].p50 ?? Number.NaN,
        unit: 'ms',
        limit: 5,
        sense: 'at most',
      }),
    );
    return { result, text: describe(result), goals };
  },
};

const named = (latencyMs: number, clients: number) => `${latencyMs} ms, ${clients} at once`;

async function measureAtOnce(bench: Bench, clients: number): Promise<FirstToken> {
  const request = smallRequest(1);
  const count = Math.max(clients, bench.quick ? 4 : 20);
  const samples = await interleaved(bench.rounds(clients > 16 ? 5 : 7), {
    direct: () => inParallel(clients, count, () => chatDirectly(bench.upstream, request)),
    ...forEachServer(bench, ({ url }) => inParallel(clients, count, () => chat(url, request))),
  });
  const all = (name: keyof typeof samples): Answer[] => samples[name].flat();
  return firstTokenOf({ direct: all('direct'), floor: all('floor'), remote: all('remote'), ipc: all('ipc') });
}

function describe(result: Result): string {
  return `### From afar, and many at once

1 KB. The upstream takes so many milliseconds until it handles a request, as one at the end of a long line does, and each client
sends its next request at once: sessions of the IPC backend have to be prepared as fast as they are used. With 64 at once 48 wait
for a place in each proxy, and none for the upstream itself. Milliseconds more than the upstream itself at its median:

${firstTokenTable('latency', result)}`;
}
