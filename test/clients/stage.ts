import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { recordCapability } from './capability-records.ts';
import type { ClientRun, RunningClient } from './client-run.ts';
import { installClients } from './installed-clients.ts';
import { endLeftovers } from './leftovers.ts';
import { type ProxyProcess, startProxyProcess } from './proxy-process.ts';

export type BackendName = 'remote' | 'ipc';

/** Where one run of a client takes place. */
export interface ClientPlace {
  /** The folder with the clients' executables. */
  readonly bin: string;
  readonly proxyUrl: string;
  /** The folder it works in, empty at first. */
  readonly workspace: string;
  /** Where it keeps its own files, empty at first. */
  readonly home: string;
}

/** What the proxy recorded of one request, as far as these tests look. */
const recordedRequest = z.object({
  method: z.string(),
  path: z.string(),
  statusCode: z.number().optional(),
  state: z.string(),
  request: z.string(),
  response: z.string(),
  requestHeaders: z.record(z.string(), z.string()),
  requestSize: z.number(),
  error: z.object({ kind: z.string() }).optional(),
  upstream: z.array(z.object({ method: z.string(), request: z.string() })),
});
export type RecordedRequest = z.infer<typeof recordedRequest>;

/** A simulated Lingma, the built proxy in front of it, and a fresh place for each run of a client. */
export class Stage {
  readonly backend: BackendName;
  readonly simulator: Simulator;
  readonly bin: string;
  proxy: ProxyProcess;
  readonly #proxyArguments: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'lingma-clients-'));
  readonly #homes: string[] = [];
  #lastRun: ClientRun | undefined;

  private constructor(
    backend: BackendName,
    simulator: Simulator,
    proxy: ProxyProcess,
    proxyArguments: readonly string[],
    bin: string,
  ) {
    this.backend = backend;
    this.simulator = simulator;
    this.proxy = proxy;
    this.#proxyArguments = proxyArguments;
    this.bin = bin;
  }

  static async open(backend: BackendName, bin: string, more: readonly string[] = []): Promise<Stage> {
    const simulator = await startSimulator();
    const proxyArguments = ['--backend', backend, ...more];
    const proxy = await startProxyProcess(proxyArguments, simulator.environment);
    return new Stage(backend, simulator, proxy, proxyArguments, bin);
  }

  async close(): Promise<void> {
    for (const home of this.#homes) endLeftovers(home);
    await this.proxy.stop();
    await this.simulator.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  place(): ClientPlace {
    const folder = join(this.#folder, String(this.#homes.length + 1));
    const [workspace, home] = [join(folder, 'workspace'), join(folder, 'home')];
    for (const path of [workspace, home]) mkdirSync(path, { recursive: true });
    this.#homes.push(home);
    return { bin: this.bin, proxyUrl: this.proxy.url, workspace, home };
  }

  /** A text that marks one conversation, for the scripted brain. */
  marker(): string {
    return `task-${this.backend}-${this.#homes.length}-${process.pid}`;
  }

  /** Waits for a client's end; its output becomes part of the story of a failure. */
  async ended(client: RunningClient): Promise<ClientRun> {
    this.#lastRun = await client.ended;
    return this.#lastRun;
  }

  /** Waits for a client's end, which has to be a success. */
  async succeeded(client: RunningClient): Promise<ClientRun> {
    const run = await this.ended(client);
    assert.equal(run.code, 0, 'the exit code of the client');
    return run;
  }

  /** Stops the proxy and starts another one on the same port. */
  async restartProxy(): Promise<void> {
    const { port } = new URL(this.proxy.url);
    await this.proxy.stop();
    this.proxy = await startProxyProcess(
      [...this.#proxyArguments, '--port', port],
      this.simulator.environment,
    );
  }

  /** What the proxy recorded, oldest first. */
  async requests(): Promise<readonly RecordedRequest[]> {
    const response = await fetch(`${this.proxy.url}/debug/requests?limit=200`);
    const { requests } = z.object({ requests: z.array(recordedRequest) }).parse(await response.json());
    return requests.toReversed();
  }

  /** Whether no request is under way upstream, and no session is left that ran a prompt. */
  isQuiet(): boolean {
    const { remote, ipc } = this.simulator;
    return (
      remote.openRequests === 0 && [...ipc.sessions.values()].every(({ promptCount }) => promptCount === 0)
    );
  }

  /** Requests answered by the upstream's model so far, on either backend. */
  get modelCalls(): number {
    return this.simulator.remote.chatsEver + this.simulator.ipc.promptsEver;
  }

  /** Nothing broke a rule of the wire, and nothing is left behind upstream. */
  async assertClean(): Promise<void> {
    await this.simulator.until(() => this.isQuiet(), 'nothing under way and no used session left');
    await this.proxy.stop();
    await this.simulator.until(() => this.simulator.ipc.sessions.size === 0, 'all sessions are deleted');
    assert.deepEqual(this.simulator.violations, [], 'broken rules of the wire');
  }

  /** What is needed to understand a failure. */
  story(): string {
    const { stdout = '', stderr = '', code, signal } = this.#lastRun ?? {};
    return [
      `exit ${code} ${signal ?? ''}`,
      `--- output\n${stdout.slice(-4_000)}`,
      `--- errors\n${stderr.slice(-2_000)}`,
      `--- proxy\n${this.proxy.output().slice(-3_000)}`,
    ].join('\n');
  }
}

/** One behaviour of a client that is tried on a backend. */
export interface Feature {
  /** As the table of capabilities names it. */
  readonly name: string;
  /** Settings of the proxy beside the backend. */
  readonly proxyArguments?: readonly string[];
  readonly run: (stage: Stage) => Promise<void>;
}

/** Tries the features of one client on each backend, each on a stage of its own, and records for the table of capabilities what worked. */
export function describeClient(
  client: { readonly name: string; readonly package: string },
  features: readonly Feature[],
  backends: readonly BackendName[] = ['remote', 'ipc'],
): void {
  const clients = installClients();
  const skip = 'missing' in clients ? clients.missing : false;
  for (const backend of backends) {
    describe(`${client.name} over ${backend}`, { skip }, () => {
      for (const { name, proxyArguments, run } of features) {
        test(name, async () => {
          assert.ok('bin' in clients);
          const stage = await Stage.open(backend, clients.bin, proxyArguments);
          let works = false;
          try {
            await run(stage);
            await stage.assertClean();
            works = true;
          } catch (error) {
            throw new Error(stage.story(), { cause: error });
          } finally {
            recordCapability({ client, feature: name, backend, works });
            await stage.close();
          }
        });
      }
    });
  }
}
