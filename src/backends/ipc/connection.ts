import * as z from 'zod';
import type { ProxyError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { RuntimeEndpoint } from '../../core/login.ts';
import { onDemand } from '../../core/on-demand.ts';
import type { Flavour } from './images.ts';
import { connectPipe } from './pipe-transport.ts';
import { RpcPeer, type RpcRequestOptions } from './rpc-peer.ts';
import type { Transport } from './transport.ts';
import { type FramedUpdate, UpdateFrames } from './update-frames.ts';
import { type RoutedUpdate, readUpdate, type SessionUpdate } from './updates.ts';
import { connectWebSocket } from './websocket-transport.ts';

/** A turn that waits for its updates. */
export interface UpdateListener {
  readonly requestId: string;
  readonly sessionId: string;
  /** `wire` is the notification as it came over the wire. */
  update(update: SessionUpdate, wire: string | FramedUpdate): void;
  /** The connection is gone; no further update comes. */
  lost(reason: ProxyError): void;
  oddity(text: string): void;
}

export interface ConnectionOptions {
  readonly signal: AbortSignal;
  readonly maxFrameBytes: number;
  readonly now: () => number;
  readonly logger: Logger;
}

const initializeResult = onDemand(() =>
  z.object({ agentInfo: z.looseObject({}).optional(), serverInfo: z.looseObject({}).optional() }),
);

/** Ended turns whose late updates are expected and pass unremarked. */
const rememberedTurns = 256;

/** One initialized connection to a runtime, shared by all turns. */
export class RuntimeConnection {
  readonly endpoint: RuntimeEndpoint;
  /** The scheme that the runtime's images need, as far as is known. */
  flavour: Flavour | undefined;
  /** The name of the parameter by which `chat/deleteSessionById` knows a session. */
  deleteParameter: 'sessionId' | 'id' = 'sessionId';
  readonly #peer: RpcPeer;
  readonly #logger: Logger;
  readonly #listeners = new Map<string, UpdateListener>();
  readonly #ended = new Set<string>();
  readonly #frames = new UpdateFrames();
  readonly #onClose = new Set<() => void>();
  #closed = false;

  constructor(endpoint: RuntimeEndpoint, transport: Transport, options: ConnectionOptions) {
    this.endpoint = endpoint;
    this.flavour = endpoint.flavour;
    this.#logger = options.logger;
    this.#peer = new RpcPeer(
      transport,
      {
        take: (text) => this.#takeKnown(text),
        notification: (method, params, text) => this.#route(method, params, text),
        oddity: (text) => this.#tellAll(text),
        closed: (reason) => this.#end(reason),
      },
      options.maxFrameBytes,
    );
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** How many turns run over it. */
  get activeTurns(): number {
    return this.#listeners.size;
  }

  /** Rejects with `RpcError`, `ConnectionLost`, or the signal's `ProxyError`. */
  request(method: string, params: object, options?: RpcRequestOptions): Promise<unknown> {
    return this.#peer.request(method, params, options);
  }

  notify(method: string, params: object): void {
    this.#peer.notify(method, params);
  }

  /** Delivers a turn's updates until the returned function is called. */
  listen(listener: UpdateListener): () => void {
    this.#listeners.set(listener.requestId, listener);
    return () => {
      if (!this.#listeners.delete(listener.requestId)) return;
      this.#frames.forget(listener.requestId);
      this.#ended.add(listener.requestId);
      for (const oldest of this.#ended) {
        if (this.#ended.size <= rememberedTurns) break;
        this.#ended.delete(oldest);
      }
    };
  }

  /** Calls back once the connection is gone, for whatever reason. */
  onClose(callback: () => void): void {
    if (this.#closed) callback();
    else this.#onClose.add(callback);
  }

  /** Closes it; turns still running fail with `reason`. Never throws. */
  close(reason: ProxyError): void {
    this.#peer.close();
    this.#end(reason);
  }

  #route(method: string, params: unknown, text: string): void {
    if (method !== 'session/update') {
      this.#tellAll(`The runtime sent an unknown notification, "${method}".`);
      return;
    }
    const routed = readUpdate(params);
    if (!routed) {
      this.#tellAll(`The runtime sent a session/update of an unknown shape: ${text.slice(0, 200)}`);
      return;
    }
    const listener = this.#listenerOf(routed);
    if (listener) {
      this.#frames.learn(text, routed);
      listener.update(routed.update, text);
    } else if (routed.requestId === undefined || !this.#ended.has(routed.requestId)) {
      this.#tellAll(
        `The runtime sent an update for a turn that is not ours (${routed.requestId ?? 'no id'}).`,
      );
    }
  }

  #takeKnown(text: string): boolean {
    const framed = this.#frames.read(text);
    const listener = framed && this.#listenerOf(framed);
    if (framed === undefined || listener === undefined) return false;
    listener.update(framed.update, framed);
    return true;
  }

  #listenerOf({ requestId, sessionId }: RoutedUpdate): UpdateListener | undefined {
    return requestId === undefined ? this.#listenerOfSession(sessionId) : this.#listeners.get(requestId);
  }

  #listenerOfSession(sessionId: string | undefined): UpdateListener | undefined {
    if (sessionId === undefined) return undefined;
    for (const listener of this.#listeners.values()) {
      if (listener.sessionId !== sessionId) continue;
      listener.oddity('An update came without request id; it was taken by its session id.');
      return listener;
    }
    return undefined;
  }

  #tellAll(text: string): void {
    this.#logger.debug(`IPC runtime at ${this.endpoint.address}: ${text.slice(0, 80)}`);
    for (const listener of this.#listeners.values()) listener.oddity(text);
  }

  #end(reason: ProxyError): void {
    if (this.#closed) return;
    this.#closed = true;
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener.lost(reason);
    for (const callback of this.#onClose) callback();
    this.#onClose.clear();
  }
}

/** Connects and initializes; rejects with an error that says why it could not. */
export async function openConnection(
  endpoint: RuntimeEndpoint,
  options: ConnectionOptions,
  closeReason: () => ProxyError,
): Promise<RuntimeConnection> {
  const connect = endpoint.transport === 'websocket' ? connectWebSocket : connectPipe;
  const transport = await connect(endpoint.address, options);
  const connection = new RuntimeConnection(endpoint, transport, options);
  try {
    const result = await connection.request(
      'initialize',
      { protocolVersion: 1, clientCapabilities: {}, timestamp: options.now() },
      { signal: options.signal },
    );
    connection.flavour ??= readFlavour(result);
    return connection;
  } catch (error) {
    connection.close(closeReason());
    throw error;
  }
}

function readFlavour(result: unknown): Flavour | undefined {
  const parsed = initializeResult().safeParse(result);
  if (!parsed.success) return undefined;
  const agent = JSON.stringify([parsed.data.agentInfo, parsed.data.serverInfo]).toLowerCase();
  if (agent.includes('qoder')) return 'qoder';
  return agent.includes('lingma') ? 'lingma' : undefined;
}
