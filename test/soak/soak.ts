import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Backpressure, stopReadingEndlessAnswer } from './backpressure.ts';
import { Client } from './client.ts';
import { Disturbances } from './disturbances.ts';
import { type Memory, measureMemory } from './memory.ts';
import { ProxyUnderSoak, places, productNode, type Sample } from './proxy-under-soak.ts';
import { Tallies, type Tally } from './tally.ts';
import { startUpstreamProcess, type UpstreamProcess, type UpstreamState } from './upstream-process.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly clients: number;
}

export interface SoakResult extends SoakOptions {
  readonly rows: Readonly<Record<string, Tally>>;
  /** The version of Node that the program ran on. */
  readonly node: string;
  readonly requests: number;
  readonly rightAnswers: number;
  readonly restarts: { readonly proxies: number; readonly runtime: number; readonly login: number };
  readonly memory: Readonly<Record<string, Memory>>;
  readonly backpressure: readonly Backpressure[];
  readonly problems: readonly string[];
}

/** Characters that upstream may have given to a client that reads nothing, the system's own buffers included. */
export const mostGiven = 16_000_000;
/** Bytes a minute that the heap may grow once it has been under way for half of the time. */
export const mostHeapGrowth = 8_000_000;
/** Bytes of heap, the records of the latest requests and all else included. */
export const mostHeap = 300_000_000;
/** File descriptors beyond those of an idle proxy that a pool may keep for a while. */
const spareDescriptors = 4;

/** Runs mixed traffic through both backends of the built program: first without restarts of it, to see memory, then with. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const upstream = await startUpstreamProcess();
  const environment = { ...upstream.environment, TMPDIR: folder };
  const proxies = (['remote', 'ipc'] as const).map((backend) => new ProxyUnderSoak(backend, environment));
  try {
    for (const proxy of proxies) await proxy.start();
    return await new Soak(options, upstream, proxies, folder).run();
  } finally {
    for (const proxy of proxies) proxy.kill();
    await upstream.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Soak {
  readonly #options: SoakOptions;
  readonly #upstream: UpstreamProcess;
  readonly #proxies: readonly ProxyUnderSoak[];
  readonly #folder: string;
  readonly #tallies = new Tallies();
  readonly #disturbances = new Disturbances();
  readonly #restarts = { proxies: 0, runtime: 0, login: 0 };
  #seed: number;

  constructor(
    options: SoakOptions,
    upstream: UpstreamProcess,
    proxies: readonly ProxyUnderSoak[],
    folder: string,
  ) {
    this.#options = options;
    this.#upstream = upstream;
    this.#proxies = proxies;
    this.#folder = folder;
    this.#seed = options.seed;
  }

  async run(): Promise<SoakResult> {
    const { minutes } = this.#options;
    await this.#settled('before the traffic');
    const idle = this.#proxies.map((proxy) => proxy.descriptors());
    const backpressure = await this.#backpressure();
    const samples = this.#proxies.map((): Sample[] => []);
    const steady = await this.#traffic(minutes * 0.7, async (signal) => {
      for (let round = 1; !signal.aborted; round++) {
        await pause((minutes * 60_000) / 30, signal);
        for (const [index, proxy] of this.#proxies.entries()) samples[index]?.push(await proxy.sample());
        if (round % 5 === 0) await this.#restartRuntime();
        if (round % 3 === 0) await this.#rotateLogin();
      }
    });
    await this.#settled('after the steady traffic', idle);
    const restless = await this.#traffic(minutes * 0.3, async (signal) => {
      for (let round = 0; !signal.aborted; round++) {
        await pause(4_000, signal);
        await this.#restartProxy(round);
        if (round % 3 === 0) await this.#restartRuntime();
      }
    });
    await this.#settled('after the restarts', idle);
    await this.#stopped();
    const memory = Object.fromEntries(
      this.#proxies.map(({ backend }, index) => [backend, measureMemory(samples[index] ?? [])]),
    );
    for (const [name, { heapGrowth, mostHeap: most }] of Object.entries(memory)) {
      const flat = most <= mostHeap && (minutes < 1 || heapGrowth <= mostHeapGrowth);
      const said = `grew by ${megabytes(heapGrowth)} MB a minute to ${megabytes(most)} MB`;
      this.#tallies.check(`${name}: the heap is flat`, flat ? '' : said);
    }
    return {
      ...this.#options,
      rows: Object.fromEntries(this.#tallies.rows),
      node: execFileSync(productNode, ['--version'], { encoding: 'utf8' }).trim(),
      requests: this.#seed - this.#options.seed,
      rightAnswers: steady + restless,
      restarts: this.#restarts,
      memory,
      backpressure,
      problems: this.#tallies.problems,
    };
  }

  /** Many clients at once, while `meanwhile` runs. Resolves to the number of right answers. */
  async #traffic(minutes: number, meanwhile: (signal: AbortSignal) => Promise<void>): Promise<number> {
    const stop = AbortSignal.timeout(Math.round(minutes * 60_000));
    const clients = Array.from({ length: this.#options.clients }, (_, index) => {
      const proxy = this.#proxies[index % this.#proxies.length];
      if (!proxy) throw new Error('there is no proxy');
      const nextSeed = () => this.#seed++;
      return new Client({ proxy, nextSeed, disturbances: this.#disturbances, tallies: this.#tallies });
    });
    await Promise.all([meanwhile(stop), ...clients.map((client) => client.run(stop))]);
    return clients.reduce((sum, { right }) => sum + right, 0);
  }

  async #backpressure(): Promise<readonly Backpressure[]> {
    const found: Backpressure[] = [];
    for (const proxy of this.#proxies) {
      for (const api of ['chat', 'responses', 'messages'] as const) {
        const one = await stopReadingEndlessAnswer(proxy, this.#upstream, api);
        found.push(one);
        const enough = one.given <= mostGiven;
        const name = `${proxy.backend}: a client that reads nothing stops upstream`;
        this.#tallies.check(name, enough ? '' : `${one.given} characters were given`);
      }
    }
    return found;
  }

  async #restartRuntime(): Promise<void> {
    this.#restarts.runtime++;
    await this.#disturbances.during('runtime', () => this.#upstream.send('restart the runtime'));
  }

  async #rotateLogin(): Promise<void> {
    this.#restarts.login++;
    await this.#upstream.send('rotate the login');
  }

  async #restartProxy(round: number): Promise<void> {
    const proxy = this.#proxies[round % this.#proxies.length];
    if (!proxy) return;
    this.#restarts.proxies++;
    await this.#disturbances.during(proxy.url, async () => {
      await proxy.stop();
      await proxy.start();
    });
  }

  /** Nothing is under way any more, here or upstream, and no file or socket is left. `idle`: descriptors that each may have. */
  async #settled(when: string, idle?: readonly number[]): Promise<void> {
    let state: UpstreamState | undefined;
    let busy: readonly number[] = [];
    let descriptors: readonly number[] = [];
    let files: readonly string[] = [];
    const isSettled = async () => {
      state = await this.#upstream.send('tell');
      busy = await Promise.all(this.#proxies.map((proxy) => proxy.busy()));
      descriptors = this.#proxies.map((proxy) => proxy.descriptors());
      files = readdirSync(this.#folder);
      const open = state.runningTurns + state.openRequests + busy.reduce((sum, count) => sum + count, 0);
      const tooMany = descriptors.some((count, index) => count > (idle?.[index] ?? count) + spareDescriptors);
      // Each proxy may have sessions ready for what comes next, for as many turns as it runs at once.
      const ready = state.sessions <= this.#proxies.length * places;
      return open === 0 && state.usedSessions === 0 && ready && files.length === 0 && !tooMany;
    };
    const ok = await eventually(isSettled, 30_000);
    const found = JSON.stringify({ ...state, taken: undefined, busy, descriptors, idle, files });
    this.#tallies.check(`nothing is left ${when}`, ok ? '' : found);
  }

  /** Once the proxies have ended, the runtime holds no session and no connection of theirs. */
  async #stopped(): Promise<void> {
    for (const proxy of this.#proxies) await proxy.stop();
    let state: UpstreamState | undefined;
    const isOver = async () => {
      state = await this.#upstream.send('tell');
      return state.sessions === 0 && state.openConnections === 0;
    };
    const ok = (await eventually(isOver, 10_000)) && readdirSync(this.#folder).length === 0;
    this.#tallies.check('nothing is left after the end', ok ? '' : JSON.stringify(state));
    const violations = state?.violations ?? [];
    this.#tallies.check('every rule of the wire was kept', violations.join('; '));
    const errors = this.#proxies.flatMap((proxy) => proxy.errors);
    this.#tallies.check('the program wrote no error', errors.slice(0, 5).join('; '));
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

async function eventually(predicate: () => Promise<boolean>, milliseconds: number): Promise<boolean> {
  for (const deadline = performance.now() + milliseconds; performance.now() < deadline; ) {
    if (await predicate()) return true;
    await delay(100);
  }
  return false;
}
