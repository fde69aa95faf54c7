import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { type ProxyProcess, startProxyProcess } from '../clients/proxy-process.ts';

const shipped = join(import.meta.dirname, '..', '..', 'deploy', 'compose', 'nginx.conf');

/** How one request through the balancer went. */
export interface Outcome {
  readonly status: number | undefined;
  /** The client got a status and the first piece of the answer. */
  readonly begun: boolean;
  /** The answer came to its proper end. */
  readonly complete: boolean;
  readonly text: string;
}

/** One request under way. */
export interface Sent {
  /** Resolves when the answer begins, or is over without that. */
  readonly begun: Promise<void>;
  readonly ended: Promise<Outcome>;
}

export const clientKeys: readonly string[] = Array.from(
  { length: 8 },
  (_, index) => `key-of-client-${index}`,
);
const owner = 'key-of-the-owner';

/** Two replicas as processes of their own in front of one simulated Lingma, behind nginx with the configuration that ships. */
export class TwoReplicas {
  readonly simulator: Simulator;
  readonly replicas: readonly [ProxyProcess, ProxyProcess];
  readonly #nginx: ChildProcess;
  readonly #folder: string;
  readonly #socket: string;
  #log = '';

  private constructor(simulator: Simulator, replicas: [ProxyProcess, ProxyProcess], nginx: string) {
    this.simulator = simulator;
    this.replicas = replicas;
    this.#folder = mkdtempSync(join(tmpdir(), 'lingma-balancer-'));
    this.#socket = join(this.#folder, 'socket');
    const file = join(this.#folder, 'nginx.conf');
    writeFileSync(file, this.#configuration());
    const globals = `daemon off; pid ${this.#folder}/pid; user root;`;
    this.#nginx = spawn(nginx, ['-c', file, '-p', this.#folder, '-g', globals], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#nginx.stdout, this.#nginx.stderr]) {
      stream?.on('data', (data: Buffer) => {
        this.#log += data;
      });
    }
  }

  static async start(nginx: string): Promise<TwoReplicas> {
    const simulator = await startSimulator();
    const keys = clientKeys.map((key, index) => `client-${index}=${key}`).join(',');
    const args = ['--api-key', owner, '--api-keys', keys, '--max-concurrent', '8', '--stop-seconds', '60'];
    const start = () => startProxyProcess(args, simulator.environment);
    const stage = new TwoReplicas(simulator, [await start(), await start()], nginx);
    try {
      await stage.#ready();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  /** Asks through the balancer; with a body it is a POST. */
  send({ path, key = owner, body }: { path: string; key?: string; body?: object }): Sent {
    const outgoing = request({
      socketPath: this.#socket,
      path,
      method: body ? 'POST' : 'GET',
      headers: {
        // The replicas listen on loopback here, and then mind the name; in a container any will do.
        host: 'localhost',
        authorization: `Bearer ${key}`,
        ...(body && { 'content-type': 'application/json' }),
      },
    });
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const ended = collect(outgoing, begin).finally(begin);
    outgoing.end(body && JSON.stringify(body));
    return { begun, ended };
  }

  /** A streamed chat, its request as large as wanted. */
  chat(text: string, key: string, padding = ''): Sent {
    const body = { model: 'kmodel', stream: true, messages: [{ role: 'user', content: text }], padding };
    return this.send({ path: '/v1/chat/completions', key, body });
  }

  /** Turns that a replica has taken on: those that run and those that wait for a place. */
  async load(index: 0 | 1): Promise<number> {
    const response = await fetch(`${this.replicas[index].url}/health`, { headers: { 'x-api-key': owner } });
    const { state } = (await response.json()) as { state: { running: number; waiting: number } };
    return state.running + state.waiting;
  }

  /** Whether nobody can connect to a replica any more. */
  async isClosed(index: 0 | 1): Promise<boolean> {
    return (await this.#readiness(index)) === undefined;
  }

  /** Waits for what nothing announces. Rejects after 20 s. */
  async until(predicate: () => Promise<boolean>, what: string): Promise<void> {
    const deadline = performance.now() + 20_000;
    while (!(await predicate())) {
      assert.ok(performance.now() < deadline, `waited in vain until ${what}\n${this.story()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What nginx and the replicas said. */
  story(): string {
    return [this.#log, ...this.replicas.map((replica) => replica.output())]
      .map((text) => text.slice(-3_000))
      .join('\n---\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    const exited = this.#nginx.exitCode === null ? once(this.#nginx, 'exit') : undefined;
    this.#nginx.kill('SIGTERM');
    await exited;
    await this.simulator.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    await this.until(async () => {
      const statuses = await Promise.all([0, 1].map((index) => this.#readiness(index)));
      return statuses.every((status) => status === 200);
    }, 'both replicas are ready');
    await this.until(async () => (await this.send({ path: '/livez' }).ended).status === 200, 'nginx answers');
  }

  /** The shipped file, for addresses that there are here; nginx before 1.27.3 cannot follow changing ones. */
  #configuration(): string {
    let text = readFileSync(shipped, 'utf8')
      .replace('listen 8095;', `listen unix:${this.#socket};`)
      // A pipe of Node's cannot be opened by that name.
      .replace('/dev/stdout', join(this.#folder, 'access.log'));
    for (const [index, replica] of this.replicas.entries()) {
      const changed = text.replace(`replica-${index + 1}:8095 resolve`, new URL(replica.url).host);
      assert.notEqual(changed, text);
      text = changed;
    }
    return text;
  }

  async #readiness(index: number): Promise<number | undefined> {
    const replica = this.replicas[index];
    return fetch(`${replica?.url}/readyz`).then(
      ({ status }) => status,
      () => undefined,
    );
  }
}

async function collect(outgoing: ReturnType<typeof request>, begin: () => void): Promise<Outcome> {
  let status: number | undefined;
  let text = '';
  try {
    const [response]: [IncomingMessage] = (await once(outgoing, 'response')) as [IncomingMessage];
    status = response.statusCode;
    for await (const piece of response.setEncoding('utf8')) {
      text += piece;
      begin();
    }
  } catch {
    // What came of it shows in what there is.
  }
  const complete = text.startsWith('{') ? text.trimEnd().endsWith('}') : text.includes('data: [DONE]');
  return { status, begun: text !== '', complete, text };
}
