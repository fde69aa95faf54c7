// Lingma without Lingma: its remote API, its IPC runtime and what both leave on a computer, on loopback.
//
//   const simulator = await startSimulator();
//   // Start the product with simulator.environment, or point single modules at it:
//   //   simulator.home                 discovery finds the login cache and the runtime's info file below it
//   //   simulator.remote.url           the remote API's base URL
//   //   simulator.ipc.url, .socketPath the runtime
//   //   simulator.credentials          the login as the four fields of a credentials file
//   simulator.setBrain(fixedBrain([{ text: 'Hi' }, { toolCall: { name: 'ls', arguments: {} } }]));
//   simulator.setScenario('remote', { status: 429, retryAfterSeconds: 2 });           // until changed
//   simulator.setScenario('ipc', [{ killAfterChunks: 3 }, {}]);                       // one prompt each, then well again
//   simulator.setScenario('remote', undefined);
//   await simulator.until(() => simulator.ipc.sessions.size === 0);                   // instead of sleeping
//   assert.deepEqual(simulator.violations, []);                                       // the client kept every rule
//   await simulator.close();
import type { Brain } from './brain.ts';
import { Changes } from './changes.ts';
import { defaultBrain } from './default-brain.ts';
import { IpcServer, type RuntimeOptions, type SimulatedRuntime } from './ipc-server.ts';
import { makeLogin, type SimulatedLogin, writeLoginCache, writeTruncatedLoginCache } from './login-cache.ts';
import { RemoteServer } from './remote-server.ts';
import { loginRoot } from './runtime-info.ts';
import type { IpcScenario, RemoteScenario } from './scenarios.ts';
import type { SimulatedRemote } from './simulated-remote.ts';
import { homeEnvironment, makeTemporaryHome, removeTemporaryHome } from './temporary-home.ts';

export type { RecordedPrompt, SimulatedSession } from './ipc-sessions.ts';
export type { RecordedRequest, SimulatedRemote } from './simulated-remote.ts';
export type { RuntimeOptions, SimulatedRuntime };

export interface SimulatorOptions {
  /** Default: `defaultBrain`. */
  readonly brain?: Brain;
  /** Splits everything sent at arbitrary positions. Default true; false is the fast path for measurements. */
  readonly torn?: boolean;
  /** Decides where things are torn. Default 1. */
  readonly seed?: number;
  /** Milliseconds from a request's arrival to its handling, as a distant server has. Default 0. */
  readonly latencyMs?: number;
  /** The pace of replies that name none. Default: as fast as the client reads. */
  readonly chunksPerSecond?: number;
  /** Requests and prompts kept for inspection. Default 500. */
  readonly keepRequests?: number;
  readonly ipc?: RuntimeOptions;
}

/** Both simulated upstreams and the computer they were installed on. */
export interface Simulator {
  /** A temporary home directory with a login cache and runtime info; removed by `close`. */
  readonly home: string;
  /** `HOME` and its kin, and `LINGMA_REMOTE_BASE_URL`: all that a child process needs to find the simulator by itself. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder that holds `cache/user`, for `LINGMA_CACHE_DIR`. */
  readonly loginRoot: string;
  /** The SharedClientCache directory of `ipc`, for `LINGMA_SHARED_CLIENT_INFO`. */
  readonly infoFolder: string;
  readonly remote: SimulatedRemote;
  readonly ipc: SimulatedRuntime;
  /** The present login. */
  readonly login: SimulatedLogin;
  /** The present login as `credentials.json` has it. */
  readonly credentials: object;
  /** Violations of the remote API, the runtime and every added runtime. */
  readonly violations: readonly string[];
  setBrain(brain: Brain): void;
  /** One scenario for every call until changed, a queue that is used up call by call, or undefined for the good case. */
  setScenario(backend: 'remote', scenario: RemoteScenario | readonly RemoteScenario[] | undefined): void;
  setScenario(backend: 'ipc', scenario: IpcScenario | readonly IpcScenario[] | undefined): void;
  setLatency(ms: number): void;
  /** Sets the remote API's clock ahead of this computer's, or back. */
  setClock(offsetMs: number): void;
  /** Rewrites the login cache with new keys; the former ones get 401 from now on. */
  rotateLogin(): void;
  /** Rewrites the login cache with a login that has expired; it gets 401. */
  expireLogin(): void;
  /** Leaves the login cache cut in the middle, as a reader may catch it while it is being written. */
  truncateLogin(): void;
  /** Another runtime in the same home, such as the VS Code extension's partial one. Closed with the simulator. */
  addRuntime(options: RuntimeOptions): Promise<SimulatedRuntime>;
  /** Resolves as soon as the predicate holds; it is asked again at every change of state. Rejects after 10 s, or `timeoutMs`. */
  until(predicate: () => boolean, what?: string, timeoutMs?: number): Promise<void>;
  /** Ends every connection and removes the home. */
  close(): Promise<void>;
}

/** Starts both upstreams on free loopback ports. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new RunningSimulator(options);
  await simulator.start();
  return simulator;
}

class RunningSimulator implements Simulator {
  readonly home = makeTemporaryHome();
  readonly loginRoot: string;
  readonly remote: RemoteServer;
  readonly ipc: IpcServer;
  readonly #changes = new Changes();
  readonly #runtimes: IpcServer[] = [];
  readonly #settings: ConstructorParameters<typeof IpcServer>[0];
  readonly #formerKeys = new Set<string>();
  readonly #state: {
    brain: Brain;
    login: SimulatedLogin;
    formerKeys: ReadonlySet<string>;
    latencyMs: number;
    chunksPerSecond: number | undefined;
    clockOffsetMs: number;
  };

  constructor(options: SimulatorOptions) {
    this.#state = {
      brain: options.brain ?? defaultBrain,
      login: makeLogin(),
      formerKeys: this.#formerKeys,
      latencyMs: options.latencyMs ?? 0,
      chunksPerSecond: options.chunksPerSecond,
      clockOffsetMs: 0,
    };
    this.#settings = {
      home: this.home,
      torn: options.torn ?? true,
      seed: options.seed ?? 1,
      keepRequests: options.keepRequests ?? 500,
      changes: this.#changes,
      state: this.#state,
    };
    this.loginRoot = loginRoot(this.home, options.ipc?.flavour ?? 'lingma');
    this.remote = new RemoteServer({
      ...this.#settings,
      state: this.#state,
      renewLogin: () => this.rotateLogin(),
    });
    this.ipc = new IpcServer(this.#settings, options.ipc ?? {});
    this.#runtimes.push(this.ipc);
  }

  async start(): Promise<void> {
    try {
      writeLoginCache(this.loginRoot, this.login);
      await Promise.all([this.remote.start(), this.ipc.start()]);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  get environment(): Record<string, string> {
    return { ...homeEnvironment(this.home), LINGMA_REMOTE_BASE_URL: this.remote.url };
  }

  get infoFolder(): string {
    return this.ipc.infoFolder;
  }

  get login(): SimulatedLogin {
    return this.#state.login;
  }

  get credentials(): object {
    const { key, encryptUserInfo, uid, machineId, expireTime } = this.login;
    return {
      source: 'manual',
      token_expire_time: String(expireTime),
      auth: { cosy_key: key, encrypt_user_info: encryptUserInfo, user_id: uid, machine_id: machineId },
    };
  }

  get violations(): string[] {
    return [...this.remote.violations, ...this.#runtimes.flatMap((runtime) => runtime.violations)];
  }

  setBrain(brain: Brain): void {
    this.#state.brain = brain;
  }

  setScenario(
    ...[backend, scenario]:
      | [backend: 'remote', scenario: RemoteScenario | readonly RemoteScenario[] | undefined]
      | [backend: 'ipc', scenario: IpcScenario | readonly IpcScenario[] | undefined]
  ): void {
    if (backend === 'remote') this.remote.scenarios.set(scenario);
    else this.ipc.scenarios.set(scenario);
  }

  setLatency(ms: number): void {
    this.#state.latencyMs = ms;
  }

  setClock(offsetMs: number): void {
    this.#state.clockOffsetMs = offsetMs;
  }

  rotateLogin(): void {
    this.#replaceLogin(makeLogin(this.login));
  }

  expireLogin(): void {
    this.#replaceLogin({ ...makeLogin(this.login), expireTime: Date.now() - 1000 });
  }

  truncateLogin(): void {
    writeTruncatedLoginCache(this.loginRoot, this.login);
  }

  async addRuntime(options: RuntimeOptions): Promise<SimulatedRuntime> {
    const runtime = new IpcServer(this.#settings, options);
    this.#runtimes.push(runtime);
    await runtime.start();
    return runtime;
  }

  until(predicate: () => boolean, what?: string, timeoutMs?: number): Promise<void> {
    return this.#changes.until(predicate, what, timeoutMs);
  }

  async close(): Promise<void> {
    await Promise.all([this.remote.stop(), ...this.#runtimes.map((runtime) => runtime.close())]);
    removeTemporaryHome(this.home);
  }

  #replaceLogin(login: SimulatedLogin): void {
    this.#formerKeys.add(this.login.key);
    this.#state.login = login;
    writeLoginCache(this.loginRoot, login);
  }
}
