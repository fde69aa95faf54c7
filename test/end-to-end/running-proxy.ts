import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/demo/simulator.ts';
import { createProxy, type LingmaProxy } from '../../src/proxy.ts';
import type { LogLine } from '../../src/recording/log-buffer.ts';
import type { RequestRecord } from '../../src/recording/record.ts';
import { thisComputer } from '../../src/runtime/computer.ts';
import type { InspectorCallName, InspectorInput, InspectorOutput } from '../../src/shared/inspector-calls.ts';

export type BackendName = Settings['backend'];
export const backendNames: readonly BackendName[] = ['remote', 'ipc'];

export interface RunningProxyOptions {
  readonly settings?: Partial<Settings>;
  readonly simulator?: SimulatorOptions;
  readonly recordsDirectory?: string;
  /** What happens to the simulated computer before the proxy starts. */
  readonly before?: (simulator: Simulator) => Promise<void> | void;
}

/** The real proxy in front of the simulated Lingma, with the official clients set up for it. */
export class RunningProxy {
  readonly url: string;
  readonly simulator: Simulator;
  /** What the proxy showed of its log. */
  readonly shown: readonly LogLine[];
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  readonly #proxy: LingmaProxy;

  constructor(proxy: LingmaProxy, url: string, simulator: Simulator, shown: readonly LogLine[]) {
    this.#proxy = proxy;
    this.url = url;
    this.simulator = simulator;
    this.shown = shown;
    this.openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });
    this.anthropic = new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0 });
  }

  /** As the inspector's panel asks. */
  inspect<Name extends InspectorCallName>(
    name: Name,
    input: InspectorInput<Name>,
  ): Promise<InspectorOutput<Name>> {
    return this.#proxy.inspect(name, input);
  }

  get state() {
    return this.#proxy.state();
  }

  /** Posts JSON, without any client's help. */
  post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(this.url + path, { headers, ...init, method: 'POST', body: JSON.stringify(body) });
  }

  /** The newest records, newest first, once the latest request has ended. */
  async records(limit = 1): Promise<readonly RequestRecord[]> {
    for (;;) {
      const answer = await fetch(`${this.url}/debug/requests?limit=${limit}`);
      const { requests } = (await answer.json()) as { requests: RequestRecord[] };
      if (requests.every(({ state }) => state !== 'running')) return requests;
      await delay(5);
    }
  }

  async lastRecord(): Promise<RequestRecord> {
    const [record] = await this.records();
    assert.ok(record);
    return record;
  }

  /** Whether all that the runtime has is sessions that wait for their first prompt, their model set. */
  get isPrepared(): boolean {
    const sessions = [...this.simulator.ipc.sessions.values()];
    return sessions.length > 0 && sessions.every((one) => one.model !== undefined && one.promptCount === 0);
  }

  /** Resolves when no request is under way, here or upstream, and every place in the pool is free. */
  async idle(): Promise<void> {
    const { remote, ipc } = this.simulator;
    await this.simulator.until(
      () => remote.openRequests === 0 && ipc.runningTurns === 0,
      'upstream has nothing left to do',
    );
    await until(() => this.state.running === 0 && this.state.waiting === 0, 'every place is free');
  }

  /** Stops the proxy and the simulator, and fails when anything was left behind or any rule of the wire was broken. */
  async close(): Promise<void> {
    const { simulator } = this;
    try {
      await this.idle();
      await this.#proxy.stop();
      await simulator.until(() => simulator.ipc.sessions.size === 0, 'every session is deleted');
      await simulator.until(
        () => simulator.ipc.openConnections === 0 && simulator.remote.openConnections === 0,
        'every connection is closed',
      );
      assert.deepEqual(simulator.violations, []);
    } finally {
      await this.abandon();
    }
  }

  /** Stops everything, whatever state it is in. */
  async abandon(): Promise<void> {
    await this.#proxy.stop().catch(() => undefined);
    await this.simulator.close().catch(() => undefined);
  }
}

/** The settings of a proxy that finds the simulated Lingma as it would find the real one. */
function settingsFor(simulator: Simulator, changes: Partial<Settings> = {}): Settings {
  const { home, environment } = simulator;
  const { settings } = loadSettings({ argv: ['--port', '0'], env: environment, cwd: home, home });
  return { ...settings, ...changes };
}

/** Starts simulator and proxy, the latter in this process. */
export async function startProxy(
  backend: BackendName,
  options: RunningProxyOptions = {},
): Promise<RunningProxy> {
  const simulator = await startSimulator(options.simulator);
  await options.before?.(simulator);
  const shown: LogLine[] = [];
  const proxy = createProxy(settingsFor(simulator, { backend, ...options.settings }), {
    version: '0.0.0-test',
    computer: { ...thisComputer(), home: simulator.home, env: simulator.environment },
    show: (line) => shown.push(line),
    ...(options.recordsDirectory === undefined ? {} : { recordsDirectory: options.recordsDirectory }),
  });
  return new RunningProxy(proxy, await proxy.start(), simulator, shown);
}

/** Runs a test with a proxy of its own, and sees to it that nothing is left behind. */
export async function withProxy(
  backend: BackendName,
  options: RunningProxyOptions,
  run: (proxy: RunningProxy) => Promise<void>,
): Promise<void> {
  const proxy = await startProxy(backend, options);
  try {
    await run(proxy);
  } catch (error) {
    await proxy.abandon();
    throw error;
  }
  await proxy.close();
}

/** Waits for what nothing announces. Rejects after 10 s. */
export async function until(predicate: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await predicate())) {
    if (performance.now() > deadline) throw new Error(`waited 10 s in vain until ${what}`);
    await delay(5);
  }
}
