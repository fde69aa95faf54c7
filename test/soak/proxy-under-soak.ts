import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createProbe } from '../bench/probe-client.ts';
import { cli } from '../clients/proxy-process.ts';

export interface Sample {
  /** Milliseconds since the process began. */
  readonly at: number;
  readonly residentBytes: number;
  /** After a collection. */
  readonly heapBytes: number;
  /** Open file descriptors; 0 where the system does not tell. */
  readonly descriptors: number;
}

/** The machine's own, as a user's would be. */
export const productNode = process.env['LINGMA_TEST_NODE'] ?? process.execPath;

/** Turns that each proxy runs at once. */
export const places = 16;

const probe = join(import.meta.dirname, '..', 'bench', 'probe.mjs');

/** The built command line on the machine's own Node, on one port through all its restarts. */
export class ProxyUnderSoak {
  readonly backend: 'remote' | 'ipc';
  readonly #environment: Readonly<Record<string, string>>;
  readonly #errors: string[] = [];
  #child: ChildProcess | undefined;
  #port = 0;
  #startedAt = 0;

  constructor(backend: 'remote' | 'ipc', environment: Readonly<Record<string, string>>) {
    this.backend = backend;
    this.#environment = environment;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** What it wrote to its error output. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  async start(): Promise<void> {
    const settings = ['--backend', this.backend, '--max-concurrent', String(places), '--stop-seconds', '1'];
    const child = spawn(
      productNode,
      ['--import', probe, cli, '--port', String(this.#port), '--log-level', 'error', ...settings],
      {
        env: { PATH: process.env['PATH'], ...this.#environment },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    this.#child = child;
    this.#startedAt = performance.now();
    linesOf(child.stderr).on('line', (line) => this.#errors.push(line));
    this.#port = await new Promise<number>((resolve, reject) => {
      child.once('exit', (code) =>
        reject(new Error(`the proxy ended with ${code}: ${this.#errors.join('\n')}`)),
      );
      linesOf(child.stdout).on('line', (line) => {
        const port = /listening on http:\/\/[^:]+:(\d+)/.exec(line)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    });
  }

  /** Ends it as a service manager does. Throws unless it ends in order. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = await exited;
    if (code !== 0) throw new Error(`the proxy ended with ${code}: ${this.#errors.join('\n')}`);
  }

  /** Ends it whatever state it is in. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  async sample(): Promise<Sample> {
    if (!this.#child) throw new Error('the proxy does not run');
    const { residentBytes, heapBytes } = await createProbe(this.#child).usageAfterCollection();
    return {
      at: performance.now() - this.#startedAt,
      residentBytes,
      heapBytes,
      descriptors: this.descriptors(),
    };
  }

  descriptors(): number {
    return process.platform === 'linux' ? readdirSync(`/proc/${this.#child?.pid}/fd`).length : 0;
  }

  /** Requests that have a place in its pool, or wait for one. */
  async busy(): Promise<number> {
    const { state } = (await (await fetch(`${this.url}/health`)).json()) as {
      state: { running: number; waiting: number };
    };
    return state.running + state.waiting;
  }
}

function linesOf(stream: Readable | null) {
  if (!stream) throw new Error('the proxy has no output');
  return createInterface({ input: stream });
}
