import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { type Composition, composeBackends } from './compose.ts';
import { type ComposedRecords, composeRecords } from './compose-records.ts';
import { applyLiveSettings } from './config/changed-settings.ts';
import { ownKeyName } from './config/read-api-keys.ts';
import { redactUrl } from './config/redact-url.ts';
import { secretsIn } from './config/secrets.ts';
import type { SettingName, Settings } from './config/settings.ts';
import { shownSettings } from './config/shown-settings.ts';
import type { Ending } from './control/feed-events.ts';
import { type ControlOptions, controlServices } from './control-services.ts';
import { ProxyError, toProxyError } from './core/errors.ts';
import type { TurnEvent } from './core/events.ts';
import { type Failure, phrasesOf, toFailure } from './core/failure.ts';
import { Listeners } from './core/listeners.ts';
import { english, inWords, type Phrase, phrase } from './core/localizer.ts';
import { sourceName } from './core/login.ts';
import type { Model } from './core/models.ts';
import type { Turn } from './core/turn.ts';
import { baseUrlSourceOf, findRuntimes, loginSourceOf } from './discovery.ts';
import type { Inspector } from './inspection/create-inspector.ts';
import type { ProxyView } from './proxy-view.ts';
import { LogBuffer, type LogLine } from './recording/log-buffer.ts';
import { Redactor } from './recording/redaction.ts';
import type { RequestFeed } from './recording/request-feed.ts';
import { runTurn, type TurnCaller } from './run-turn.ts';
import type { BaseUrlSource } from './runtime/base-url.ts';
import { type Computer, thisComputer } from './runtime/computer.ts';
import type { LoginSource } from './runtime/login-source.ts';
import { createApp } from './server/app.ts';
import type { CallerKey } from './server/caller-keys.ts';
import { RunningTurns } from './server/running-turns.ts';
import type { ProxyState } from './server/services.ts';
import type { InspectorCallName, InspectorInput, InspectorOutput } from './shared/inspector-calls.ts';

const keepAliveMs = 15_000;
/** Milliseconds after which a warm-up that failed is tried again. */
const warmUpAgainMs = 15_000;
/** Milliseconds that somebody who looks at the models waits for them. */
const modelListTimeoutMs = 30_000;
const megabyte = 1_000_000;

export interface ProxyOptions {
  readonly version: string;
  /** Where runtimes and logins are looked for. Default: the one that this runs on. */
  readonly computer?: Computer;
  /** Hears each log line that the `logLevel` setting lets through, redacted. */
  readonly show?: (line: LogLine) => void;
  /** Absent: nobody may attach. */
  readonly control?: ControlOptions;
  /** Knows every secret of the proxy once it has been made. Default: one of its own. */
  readonly redactor?: Redactor;
  /** A folder of its own for the records of requests, which then survive a restart. Default: none, they do not. */
  readonly recordsDirectory?: string;
}

/** The whole proxy: what the command line and the extension start and stop. */
export interface LingmaProxy extends ProxyView {
  /** Listens, and warms up in the background. Resolves to the URL. Rejects with the system's error when the port cannot be had. */
  start(): Promise<string>;
  /**
   * Lets go of the port, ends running answers properly, then frees everything. Answers get `graceMs` milliseconds to end by
   * themselves (default: the setting `stopSeconds`); all of it takes at most 2 s more. Windows that are attached are told of the
   * `ending` (default `closing`).
   */
  stop(graceMs?: number, ending?: Ending): Promise<void>;
  /** Says at `/readyz` that it is about to stop, and goes on serving for `drainSeconds`: then no balancer sends more. */
  drain(): Promise<void>;
  /**
   * Takes over the changes that need no new proxy, the backend among them: requests that run end on the one they began with.
   * Returns what else has changed and has no effect yet.
   */
  applySettings(settings: Settings): readonly SettingName[];
  /** What a person wants to know after the start: backend, endpoint, login, each in a line. */
  describe(): Promise<readonly Phrase[]>;
}

/** Puts the parts together: settings → backends → policies → server. Nothing is opened before `start`. */
export function createProxy(settings: Settings, options: ProxyOptions): LingmaProxy {
  return new ComposedProxy(settings, options);
}

class ComposedProxy implements LingmaProxy {
  /** Everything reads the live ones from here, anew each time. */
  readonly #settings: { -readonly [Name in SettingName]: Settings[Name] };
  readonly #version: string;
  readonly #computer: Computer;
  readonly #redactor: Redactor;
  readonly #log: LogBuffer;
  readonly #login: LoginSource;
  readonly #baseUrl: BaseUrlSource;
  readonly #composition: Composition;
  readonly #running = new RunningTurns();
  readonly #app: FastifyInstance;
  readonly #records: ComposedRecords;
  readonly #changed = new Listeners<void>();
  readonly #logged = new Listeners<LogLine>();
  readonly #ending = new Listeners<Ending>();
  #warmingUp = new AbortController();
  /** Made when somebody looks: a start goes without it. */
  #inspector: Promise<Inspector> | undefined;
  #startedAt = Date.now();
  #draining = false;
  /** Why the last warm-up failed; undefined when it did not. */
  #problem: Failure | undefined;

  constructor(settings: Settings, options: ProxyOptions) {
    const computer = options.computer ?? thisComputer();
    this.#settings = { ...settings };
    this.#version = options.version;
    this.#redactor = options.redactor ?? new Redactor();
    const show = (line: LogLine) => {
      options.show?.(line);
      this.#logged.tell(line);
    };
    this.#log = new LogBuffer(this.#redactor, show, () => this.#settings.logLevel);
    for (const secret of secretsIn(settings, computer.env)) this.#redactor.addSecret(secret);
    this.#redactor.addSecret(options.control?.token);
    this.#computer = computer;
    this.#login = redactedLogin(loginSourceOf(settings, computer), this.#redactor);
    this.#baseUrl = baseUrlSourceOf(settings, computer);
    this.#composition = composeBackends(this.#settings, {
      computer,
      login: this.#login,
      baseUrl: this.#baseUrl,
      logger: this.#log,
    });
    this.#records = composeRecords(this.#settings, this.#redactor, this.#log, options.recordsDirectory);
    this.#app = this.#createApp(options.control);
  }

  async start(): Promise<string> {
    const { host, port } = this.#settings;
    await this.#app.listen({ host, port });
    this.#startedAt = Date.now();
    // Who waits for the address comes first.
    setImmediate(() => void this.#warmUpAtLast(this.#warmingUp.signal));
    this.#records.open();
    void this.#records.restored().then(() => this.#changed.tell());
    return this.#url() ?? urlOf(host, port);
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#changed.tell();
    await delay(this.#settings.drainSeconds * 1_000);
  }

  async stop(graceMs = this.#settings.stopSeconds * 1_000, ending: Ending = 'closing'): Promise<void> {
    this.#draining = true;
    this.#warmingUp.abort();
    const drained = this.#running.drain(graceMs);
    const closed = this.#app.close();
    // Whoever takes over reads them.
    await this.#records.flush();
    this.#ending.tell(ending);
    await drained;
    await closed;
    await Promise.all([
      this.#composition.remote.raw.dispose(),
      this.#composition.ipc.raw.dispose(),
      this.#records.close(),
    ]);
  }

  state(): ProxyState {
    const { models, pool } = { ...this.#active, pool: this.#composition.pool };
    const login = this.#settings.backend === 'remote' ? this.#login.current() : undefined;
    const listed = models.known();
    const problem = listed ? undefined : this.#problem;
    return {
      status: listed ? 'ready' : 'waiting',
      ...(this.#draining && { draining: true }),
      ...(problem === undefined ? {} : { problem }),
      version: this.#version,
      backend: this.#settings.backend,
      ...this.#endpoint(),
      loginSource: login?.source ?? null,
      loginExpiresAt: login?.expiresAt === undefined ? null : new Date(login.expiresAt).toISOString(),
      modelCount: listed?.length ?? null,
      uptimeSeconds: Math.round((Date.now() - this.#startedAt) / 1_000),
      running: pool.running(),
      waiting: pool.waiting(),
    };
  }

  models(): readonly Model[] | undefined {
    return this.#active.models.known();
  }

  async refreshModels(signal: AbortSignal): Promise<readonly Model[]> {
    const models = await this.#active.models.refresh(signal);
    this.#changed.tell();
    return models;
  }

  runTurn(turn: Turn, caller: TurnCaller): AsyncIterable<TurnEvent> {
    return runTurn(turn, caller, {
      backend: this.#active.backend,
      recorder: this.#records.recorder,
      running: this.#running,
      logger: this.#log,
      timeoutMs: this.#settings.timeoutSeconds * 1_000,
    });
  }

  get settings(): Settings {
    return this.#settings;
  }

  get requests(): RequestFeed {
    return this.#records.recorder;
  }

  applySettings(settings: Settings): readonly SettingName[] {
    const backend = this.#settings.backend;
    const rest = applyLiveSettings(this.#settings, settings);
    if (this.#settings.backend !== backend) this.#warmUpAnew();
    this.#changed.tell();
    return rest;
  }

  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  async inspect<Name extends InspectorCallName>(
    name: Name,
    input: InspectorInput<Name>,
  ): Promise<InspectorOutput<Name>>;
  async inspect(name: string, input: unknown): Promise<unknown>;
  async inspect(name: string, input: unknown): Promise<unknown> {
    this.#inspector ??= this.#createInspector();
    const answer = await (await this.#inspector).call(name, input);
    if (answer.ok) return answer.output;
    throw new ProxyError(answer.failure.kind, answer.failure.phrases ?? answer.failure.message);
  }

  async #createInspector(): Promise<Inspector> {
    const { createInspector } = await import('./inspection/create-inspector.ts');
    const { recorder, usage, restored, clear } = this.#records;
    const settings = this.#settings;
    return createInspector({
      version: this.#version,
      recorder,
      usage,
      redactor: this.#redactor,
      logs: this.#log,
      endpoint: { url: () => this.#url(reachable(settings.host)), apiKey: () => settings.apiKey },
      models: async () => ({
        backend: settings.backend,
        models: this.models() ?? (await this.refreshModels(AbortSignal.timeout(modelListTimeoutMs))),
        resolve: (name) => this.#composition.resolveModel(name),
        patterns: settings.modelRules.map(({ pattern }) => pattern),
      }),
      self: {
        state: () => this.state(),
        settings: () => shownSettings(settings),
        detection: async () => (await this.describe()).map((line) => inWords(line, english)),
      },
      restored,
      onClear: clear,
    });
  }

  async describe(): Promise<readonly Phrase[]> {
    const { backend } = this.#settings;
    if (backend === 'ipc') return this.#describeRuntime();
    const { url, source } = await this.#baseUrl.read();
    const login = await this.#login.read().then(
      (found) => phrase('login from {0}', found.source),
      (error: unknown) => phrase('no login yet: {0}', phrasesOf(error)),
    );
    return [phrase('backend remote: {0} ({1})', url, sourceName(source)), login];
  }

  async #describeRuntime(): Promise<readonly Phrase[]> {
    const [runtime] = (await findRuntimes(this.#settings, this.#computer)).endpoints;
    return [
      runtime === undefined
        ? phrase('backend ipc: no runtime yet. Open Lingma or QoderCN; the proxy finds it by itself.')
        : phrase('backend ipc: {0} ({1})', runtime.address, sourceName(runtime.source)),
      phrase('login of the runtime itself'),
    ];
  }

  get #active() {
    return this.#settings.backend === 'remote' ? this.#composition.remote : this.#composition.ipc;
  }

  /** Undefined while it does not listen. */
  #url(host = this.#settings.host): string | undefined {
    const address = this.#app.server.address();
    return typeof address === 'object' && address !== null ? urlOf(host, address.port) : undefined;
  }

  #endpoint(): { readonly endpoint: string; readonly endpointSource: string } {
    if (this.#settings.backend === 'remote') {
      const baseUrl = this.#baseUrl.current();
      return { endpoint: baseUrl?.url ?? '', endpointSource: baseUrl?.source ?? '' };
    }
    const { endpoint } = this.#composition.ipc.raw.status();
    return { endpoint: redactUrl(endpoint?.address ?? ''), endpointSource: endpoint?.source ?? '' };
  }

  #warmUpAnew(): void {
    if (this.#warmingUp.signal.aborted) return;
    this.#warmingUp.abort();
    this.#warmingUp = new AbortController();
    this.#problem = undefined;
    void this.#warmUpAtLast(this.#warmingUp.signal);
  }

  /** Warms up, and tries again until it works: a login, a runtime or the network may appear at any time. Never rejects. */
  async #warmUpAtLast(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#warmUp(signal);
        return this.#changed.tell();
      } catch (error) {
        if (signal.aborted) return;
        const problem = toFailure(toProxyError(error));
        const { kind, message } = problem;
        // A missing login is told by `describe` already, and is no fault of anybody's.
        if (kind !== 'login-required' && message !== this.#problem?.message) this.#log.warn(message);
        this.#problem = problem;
        this.#changed.tell();
      }
      await delay(warmUpAgainMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** Learns the models and opens connections, so that the first request need not wait for them. */
  async #warmUp(stop: AbortSignal): Promise<void> {
    const { warmupTimeoutSeconds, backend, model } = this.#settings;
    const signal = AbortSignal.any([
      stop,
      ...(warmupTimeoutSeconds > 0 ? [AbortSignal.timeout(warmupTimeoutSeconds * 1_000)] : []),
    ]);
    // A runtime may repeat the login in an error: read even where it is not needed, so that the redactor knows it.
    if (backend === 'ipc') {
      await this.#login.read().catch(() => undefined);
      await this.#composition.ipc.raw.warmUp(model, signal);
    }
    const models = await this.#active.models.load(signal);
    this.#log.info(`${models.length} models: ${models.map(({ id }) => id).join(', ')}`);
  }

  /** A look at its file takes as long as reading a small request does. */
  #lookAtLogin(): void {
    if (this.#settings.backend !== 'remote') return;
    // The turn itself says what is wrong.
    this.#login.read().catch(() => {});
  }

  #createApp(control: ControlOptions | undefined): FastifyInstance {
    const settings = this.#settings;
    return createApp({
      services: {
        version: this.#version,
        backend: () => this.#active.backend,
        expectTurn: () => this.#lookAtLogin(),
        models: (signal) => {
          const { models } = this.#active;
          // Who asks for the list itself is worth another try, however lately one failed.
          return models.known() ? models.load(signal) : models.refresh(signal);
        },
        countTokens: (turn, caller) => this.#composition.countTokens(turn, caller),
        state: () => this.state(),
        serviceInfo: () => ({
          version: this.#version,
          backend: settings.backend,
          maxConcurrent: settings.maxConcurrent,
          images: true,
        }),
        recorder: this.#records.recorder,
        logs: this.#log,
        logger: this.#log,
      },
      settings: {
        host: settings.host,
        keys: callerKeys(settings),
        metrics: settings.metrics,
        ...(control && { controlToken: control.token }),
        allowedOrigins: settings.allowedOrigins,
        bodyLimit: settings.bodyLimitMegabytes * megabyte,
        keepAliveMs,
        responseStoreLimit: settings.responseStoreLimitMegabytes * megabyte,
        timeoutMs: settings.timeoutSeconds * 1_000,
      },
      running: this.#running,
      ...(control && {
        control: controlServices(this, control, {
          version: this.#version,
          logged: this.#logged,
          ending: this.#ending,
          restored: () => this.#records.restored(),
        }),
      }),
    });
  }
}

/** Every key that opens the door. The first one is the owner's, who may see everything. */
function callerKeys({ apiKey, apiKeys }: Settings): CallerKey[] {
  const own = { name: ownKeyName, key: apiKey, mayInspect: true, requestsPerMinute: 0 };
  const named = apiKeys.map(({ name, key, inspect, requestsPerMinute }) => ({
    name,
    key,
    mayInspect: inspect,
    requestsPerMinute,
  }));
  // An empty text is no key: it would open the door to everybody.
  return [own, ...named].filter(({ key }) => key !== '');
}

/** Each login that is read is a secret that must not show up anywhere. */
function redactedLogin(source: LoginSource, redactor: Redactor): LoginSource {
  return {
    async read(anew) {
      const login = await source.read(anew);
      for (const secret of [login.cosyKey, login.encryptUserInfo, login.machineId, login.userId]) {
        redactor.addSecret(secret);
      }
      return login;
    },
    describe: () => source.describe(),
    current: () => source.current(),
  };
}

/** An address of this computer that stands for all of them is none that everybody can connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
