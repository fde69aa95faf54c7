import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { dialects } from './dialects.ts';
import { type ApiName, planOf } from './plan.ts';
import type { ProxyUnderSoak } from './proxy-under-soak.ts';
import type { UpstreamProcess } from './upstream-process.ts';

/** What an endless answer came to whose client stopped reading. */
export interface Backpressure {
  readonly backend: string;
  readonly api: ApiName;
  /** Characters that upstream had given when it gave no more. */
  readonly given: number;
  /** Bytes by which the proxy's heap was larger then. */
  readonly heapGrowth: number;
}

/** Asks for an answer without end, never reads, and waits until upstream gives no more. Leaves then. */
export async function stopReadingEndlessAnswer(
  proxy: ProxyUnderSoak,
  upstream: UpstreamProcess,
  api: ApiName,
): Promise<Backpressure> {
  const name = `${proxy.backend}${api}`;
  const plan = { ...planOf(1), history: '', stream: true, image: false, tools: false, reasons: false, api };
  const { path, body: bodyOf } = dialects[api];
  const body = JSON.stringify(bodyOf(plan)).replace(/\[soak \d+\]/, `[endless ${name}]`);
  const before = await proxy.sample();
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  let given = -1;
  for (let still = 0; still < 4; ) {
    await delay(500);
    const { taken } = await upstream.send('tell');
    const now = taken[name] ?? 0;
    still = now === given && now > 0 ? still + 1 : 0;
    given = now;
  }
  const after = await proxy.sample();
  socket.destroy();
  return { backend: proxy.backend, api, given, heapGrowth: after.heapBytes - before.heapBytes };
}
