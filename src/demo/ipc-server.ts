import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import type { Changes } from './changes.ts';
import { IpcConnection } from './ipc-connection.ts';
import type { IpcHost } from './ipc-host.ts';
import { IpcSessions, type RecordedPrompt, type SimulatedSession } from './ipc-sessions.ts';
import {
  type IpcTransport,
  socketTransport,
  type TransportListener,
  webSocketTransport,
} from './ipc-transport.ts';
import { type Flavour, type InfoForm, sharedClientCache, writeRuntimeInfo } from './runtime-info.ts';
import { type IpcCall, type IpcScenario, ScenarioSource } from './scenarios.ts';
import { Tearing } from './tearing.ts';

/** How a simulated runtime is set up; fixed while it lives. */
export interface RuntimeOptions {
  /** Default `lingma`. */
  readonly flavour?: Flavour;
  /** The VS Code extension's own runtime, which lists models and knows no sessions. Default false. */
  readonly partial?: boolean;
  /** Default `json`. */
  readonly infoForm?: InfoForm;
  /** The field of `session/new`'s result. Default `sessionId`. */
  readonly sessionIdField?: 'sessionId' | 'id';
  /** Which parameter `chat/deleteSessionById` takes. Default `both`. */
  readonly deleteForm?: 'both' | 'sessionId' | 'id';
  /** Whether `initialize` says who answers. Default true. */
  readonly announcesAgent?: boolean;
}

/** The simulated IPC runtime. */
export interface SimulatedRuntime {
  /** `ws://127.0.0.1:PORT`; another one after a restart. */
  readonly url: string;
  /** Unix socket or named pipe. */
  readonly socketPath: string;
  /** The SharedClientCache directory with the info file. */
  readonly infoFolder: string;
  /** Sessions open now, by id. */
  readonly sessions: ReadonlyMap<string, SimulatedSession>;
  readonly sessionsEver: number;
  /** The latest prompts, oldest first. */
  readonly prompts: readonly RecordedPrompt[];
  readonly promptsEver: number;
  /** Session ids that `session/cancel` named. */
  readonly cancels: readonly string[];
  /** Rules of the wire that a client broke. Empty as long as the client is right. */
  readonly violations: readonly string[];
  /** Client connections open now. */
  readonly openConnections: number;
  readonly connectionsEver: number;
  /** Prompts being answered now. */
  readonly runningTurns: number;
  /** Ends as a crash would, and comes back on another port with no sessions and a new info file. */
  restart(): Promise<void>;
  /** Ends as a crash would: the info file stays behind and is stale. */
  stop(): Promise<void>;
  /** Comes back after `stop`. */
  start(): Promise<void>;
  /** Drops every client connection; the runtime and its sessions live on. */
  dropConnections(): void;
}

export interface RuntimeSettings {
  readonly home: string;
  readonly torn: boolean;
  readonly seed: number;
  readonly keepRequests: number;
  readonly changes: Changes;
  readonly state: IpcHost['state'];
}

/** Lingma's local IPC runtime over WebSocket and over a Unix socket or named pipe. */
export class IpcServer implements SimulatedRuntime, IpcHost {
  readonly flavour: Flavour;
  readonly partial: boolean;
  readonly torn: boolean;
  readonly keepRequests: number;
  readonly sessionIdField: 'sessionId' | 'id';
  readonly deleteForm: 'both' | 'sessionId' | 'id';
  readonly announcesAgent: boolean;
  readonly infoFolder: string;
  readonly socketPath: string;
  readonly scenarios = new ScenarioSource<IpcCall, IpcScenario>('session/prompt');
  readonly state: IpcHost['state'];
  readonly store: IpcSessions;
  connectionsEver = 0;
  readonly #settings: RuntimeSettings;
  readonly #infoForm: InfoForm;
  readonly #connections = new Set<IpcConnection>();
  #webSockets: WebSocketServer | undefined;
  #sockets: Server | undefined;
  #port = 0;
  #closed = false;
  #changing: Promise<void> = Promise.resolve();

  constructor(settings: RuntimeSettings, options: RuntimeOptions) {
    this.#settings = settings;
    this.flavour = options.flavour ?? 'lingma';
    this.partial = options.partial ?? false;
    this.torn = settings.torn;
    this.keepRequests = settings.keepRequests;
    this.sessionIdField = options.sessionIdField ?? 'sessionId';
    this.deleteForm = options.deleteForm ?? 'both';
    this.announcesAgent = options.announcesAgent ?? true;
    this.state = settings.state;
    this.store = new IpcSessions(settings.changes);
    this.#infoForm = options.infoForm ?? 'json';
    this.infoFolder = sharedClientCache(settings.home, this.flavour, this.partial);
    const name = this.flavour === 'qoder' ? 'qodercn' : 'lingma';
    this.socketPath =
      process.platform === 'win32'
        ? `\\\\.\\pipe\\${name}-${randomUUID()}`
        : join(this.infoFolder, `${name}.sock`);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }
  get sessions(): ReadonlyMap<string, SimulatedSession> {
    return this.store.open;
  }
  get sessionsEver(): number {
    return this.store.ever;
  }
  get prompts(): readonly RecordedPrompt[] {
    return this.store.prompts;
  }
  get promptsEver(): number {
    return this.store.promptsEver;
  }
  get cancels(): readonly string[] {
    return this.store.cancels;
  }
  get violations(): readonly string[] {
    return this.store.violations;
  }
  get openConnections(): number {
    return this.#connections.size;
  }
  get runningTurns(): number {
    return [...this.store.open.values()].filter((session) => session.running !== undefined).length;
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#open());
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#shut());
  }

  restart(): Promise<void> {
    return this.#inTurn(async () => {
      // The old port is held a moment longer, so that the new one is certainly another.
      const guard = await this.#holdPort(() => this.#shut());
      await this.#open();
      guard.close();
    });
  }

  /** Stops for good: a restart that is under way does not bring it back. */
  close(): Promise<void> {
    this.#closed = true;
    return this.stop();
  }

  /** Runs one change of state after the other. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#changing.then(change);
    this.#changing = done.catch(() => undefined);
    return done;
  }

  async #open(): Promise<void> {
    if (this.#closed) return;
    mkdirSync(this.infoFolder, { recursive: true, mode: 0o700 });
    this.#webSockets = await this.#listenWebSocket();
    this.#sockets = await this.#listenSocket();
    const address = this.#webSockets.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    const info = { websocketPort: this.#port, pid: process.pid, ipcServerPath: this.socketPath };
    writeRuntimeInfo(this.infoFolder, info, this.#infoForm);
    this.#settings.changes.notify();
  }

  async #shut(): Promise<void> {
    const webSockets = this.#webSockets;
    const sockets = this.#sockets;
    this.#webSockets = undefined;
    this.#sockets = undefined;
    this.dropConnections();
    this.store.clear();
    const closing = [webSockets, sockets].map(
      (server) =>
        new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))),
    );
    await Promise.all(closing);
  }

  dropConnections(): void {
    for (const connection of [...this.#connections]) connection.kill();
  }

  async #holdPort(release: () => Promise<void>): Promise<Server> {
    const port = this.#port;
    await release();
    const guard = createServer((socket) => socket.destroy());
    guard.on('error', () => undefined);
    return new Promise((resolve) => {
      guard.once('error', () => resolve(guard));
      guard.listen(port, '127.0.0.1', () => resolve(guard));
    });
  }

  #listenWebSocket(): Promise<WebSocketServer> {
    return new Promise((resolve, reject) => {
      const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 512 * 1024 * 1024 });
      server.once('error', reject);
      server.once('listening', () => resolve(server));
      server.on('connection', (socket, request) => {
        this.#accept((listener) => webSocketTransport(socket, request.socket, this.#tearing(), listener));
      });
    });
  }

  #listenSocket(): Promise<Server> {
    if (process.platform !== 'win32') rmSync(this.socketPath, { force: true });
    return new Promise((resolve, reject) => {
      const server = createServer((socket) => {
        this.#accept((listener) => socketTransport(socket, this.#tearing(), listener));
      });
      server.once('error', reject);
      server.listen(this.socketPath, () => resolve(server));
    });
  }

  #accept(open: (listener: TransportListener) => IpcTransport): void {
    let connection: IpcConnection | undefined;
    const transport = open({
      frame: (json) => connection?.receive(json),
      violation: (text) => this.store.violate(text),
      closed: () => {
        if (connection === undefined) return;
        this.#connections.delete(connection);
        connection.closed();
      },
    });
    connection = new IpcConnection(this, transport);
    this.#connections.add(connection);
    this.connectionsEver++;
    this.#settings.changes.notify();
  }

  #tearing(): Tearing | undefined {
    return this.torn ? new Tearing(this.#settings.seed + this.connectionsEver) : undefined;
  }
}
