import type { FastifyInstance } from 'fastify';
import { type Composition, composeBackends } from './compose.ts';
import type { Settings } from './config/settings.ts';
import { toProxyError } from './core/errors.ts';
import { LogBuffer, type LogLine } from './recording/log-buffer.ts';
import { Recorder } from './recording/recorder.ts';
import { Redactor } from './recording/redaction.ts';
import { type BaseUrlSource, createBaseUrlSource } from './runtime/base-url.ts';
import { type Computer, thisComputer } from './runtime/computer.ts';
import { createLoginSource, type LoginSource } from './runtime/login-source.ts';
import { createApp } from './server/app.ts';
import { RunningTurns } from './server/running-turns.ts';
import type { ProxyState } from './server/services.ts';

const keepAliveMs = 15_000;
/** Milliseconds that running answers get to end by themselves when the proxy stops. */
const graceMs = 8_000;
const megabyte = 1_000_000;

export interface ProxyOptions {
  readonly version: string;
  /** Where runtimes and logins are looked for. Default: the one that this runs on. */
  readonly computer?: Computer;
  /** Hears each log line, redacted. */
  readonly show?: (line: LogLine) => void;
}

/** The whole proxy: what the command line and the extension start and stop. */
export interface LingmaProxy {
  /** Listens, and warms up in the background. Resolves to the URL. Rejects with the system's error when the port cannot be had. */
  start(): Promise<string>;
  /** Ends running answers properly, then frees everything. Takes at most 10 s. */
  stop(): Promise<void>;
  state(): ProxyState;
  /** What a person wants to know after the start: backend, endpoint, login, each in a line. */
  describe(): Promise<readonly string[]>;
}

/** Puts the parts together: settings → backends → policies → server. Nothing is opened before `start`. */
export function createProxy(settings: Settings, options: ProxyOptions): LingmaProxy {
  return new ComposedProxy(settings, options);
}

class ComposedProxy implements LingmaProxy {
  readonly #settings: Settings;
  readonly #version: string;
  readonly #redactor = new Redactor();
  readonly #log: LogBuffer;
  readonly #login: LoginSource;
  readonly #baseUrl: BaseUrlSource;
  readonly #composition: Composition;
  readonly #running = new RunningTurns();
  readonly #app: FastifyInstance;
  readonly #stopped = new AbortController();
  #startedAt = Date.now();
  /** Why the last warm-up failed; undefined when it did not. */
  #problem: string | undefined;

  constructor(settings: Settings, options: ProxyOptions) {
    const computer = options.computer ?? thisComputer();
    this.#settings = settings;
    this.#version = options.version;
    this.#log = new LogBuffer(this.#redactor, options.show);
    this.#redactor.addSecret(settings.apiKey);
    this.#login = createLoginSource({
      computer,
      authFile: settings.remoteAuthFile,
      cacheDirectory: settings.cacheDirectory,
      pick: settings.remoteAuthPick,
    });
    this.#baseUrl = createBaseUrlSource({
      computer,
      setting: settings.remoteBaseUrl,
      cacheDirectory: settings.cacheDirectory,
    });
    this.#composition = composeBackends(settings, {
      computer,
      login: redactedLogin(this.#login, this.#redactor),
      baseUrl: this.#baseUrl,
      logger: this.#log,
    });
    this.#app = this.#createApp();
  }

  async start(): Promise<string> {
    const { host, port } = this.#settings;
    await this.#app.listen({ host, port });
    this.#startedAt = Date.now();
    this.#warmUp().catch((error: unknown) => {
      const { kind, message } = toProxyError(error);
      this.#problem = message;
      // A missing login is told by `describe` already, and is no fault of anybody's.
      if (kind !== 'login-required') this.#log.warn(message);
    });
    const address = this.#app.server.address();
    return urlOf(host, typeof address === 'object' && address !== null ? address.port : port);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    const closed = this.#app.close();
    await this.#running.drain(graceMs);
    await closed;
    await Promise.all([this.#composition.remote.raw.dispose(), this.#composition.ipc.raw.dispose()]);
  }

  state(): ProxyState {
    const { models, pool } = { ...this.#active, pool: this.#composition.pool };
    const login = this.#settings.backend === 'remote' ? this.#login.current() : undefined;
    const listed = models.known();
    const problem = listed ? undefined : this.#problem;
    return {
      status: listed ? 'ready' : 'waiting',
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

  async describe(): Promise<readonly string[]> {
    const { backend } = this.#settings;
    if (backend === 'ipc') return ['backend ipc: the Lingma or QoderCN that runs on this computer'];
    const { url, source } = await this.#baseUrl.read();
    const login = await this.#login.read().then(
      (found) => `login from ${found.source}`,
      (error: unknown) => `no login yet: ${toProxyError(error).message}`,
    );
    return [`backend remote: ${url} (${source})`, login];
  }

  get #active() {
    return this.#settings.backend === 'remote' ? this.#composition.remote : this.#composition.ipc;
  }

  #endpoint(): { readonly endpoint: string; readonly endpointSource: string } {
    if (this.#settings.backend === 'remote') {
      const baseUrl = this.#baseUrl.current();
      return { endpoint: baseUrl?.url ?? '', endpointSource: baseUrl?.source ?? '' };
    }
    const { endpoint } = this.#composition.ipc.raw.status();
    return { endpoint: endpoint?.address ?? '', endpointSource: endpoint?.source ?? '' };
  }

  /** Learns the models and opens connections, so that the first request need not wait for them. */
  async #warmUp(): Promise<void> {
    const { warmupTimeoutSeconds, backend, model } = this.#settings;
    const signal = AbortSignal.any([
      this.#stopped.signal,
      ...(warmupTimeoutSeconds > 0 ? [AbortSignal.timeout(warmupTimeoutSeconds * 1_000)] : []),
    ]);
    if (backend === 'ipc') await this.#composition.ipc.raw.warmUp(model, signal);
    const models = await this.#active.models.load(signal);
    this.#log.info(`${models.length} models: ${models.map(({ id }) => id).join(', ')}`);
  }

  #createApp(): FastifyInstance {
    const settings = this.#settings;
    return createApp({
      services: {
        version: this.#version,
        backend: () => this.#active.backend,
        models: (signal) => this.#active.models.load(signal),
        countTokens: (turn) => this.#composition.countTokens(turn),
        state: () => this.state(),
        serviceInfo: () => ({
          version: this.#version,
          backend: settings.backend,
          maxConcurrent: settings.maxConcurrent,
          images: true,
        }),
        recorder: new Recorder({
          redactor: this.#redactor,
          bodyLimit: settings.recordBodyLimitMegabytes * megabyte,
          totalLimit: settings.recordLimitMegabytes * megabyte,
        }),
        logs: this.#log,
        logger: this.#log,
      },
      settings: {
        host: settings.host,
        apiKey: settings.apiKey,
        allowedOrigins: settings.allowedOrigins,
        bodyLimit: settings.bodyLimitMegabytes * megabyte,
        keepAliveMs,
        responseStoreLimit: settings.responseStoreLimitMegabytes * megabyte,
        timeoutMs: settings.timeoutSeconds * 1_000,
      },
      running: this.#running,
    });
  }
}

/** Each login that is read is a secret that must not show up anywhere. */
function redactedLogin(source: LoginSource, redactor: Redactor): LoginSource {
  return {
    async read() {
      const login = await source.read();
      for (const secret of [login.cosyKey, login.encryptUserInfo, login.machineId, login.userId]) {
        redactor.addSecret(secret);
      }
      return login;
    },
    describe: () => source.describe(),
    current: () => source.current(),
  };
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
