import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { FastifyInstance } from 'fastify';
import type { Backend, RunContext } from '../../src/core/backend.ts';
import type { TurnEnd, TurnEvent } from '../../src/core/events.ts';
import type { Model } from '../../src/core/models.ts';
import { estimateTurnTokens } from '../../src/core/tokens.ts';
import type { Turn } from '../../src/core/turn.ts';
import { LogBuffer } from '../../src/recording/log-buffer.ts';
import type { RequestRecord } from '../../src/recording/record.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';
import { createApp } from '../../src/server/app.ts';
import type { CallerKey } from '../../src/server/caller-keys.ts';
import type { ControlServices } from '../../src/server/control/control-services.ts';
import { RunningTurns } from '../../src/server/running-turns.ts';
import type { ProxyState, ServerSettings } from '../../src/server/services.ts';

export const exampleModels: readonly Model[] = [
  {
    id: 'kmodel',
    key: 'kmodel',
    displayName: 'Kimi-K2.6',
    aliases: [],
    scene: 'chat',
    contextWindow: 256_000,
  },
  { id: 'mmodel', key: 'mmodel', displayName: 'MiniMax-M2.7', aliases: [], scene: 'chat' },
];

export const exampleState: ProxyState = {
  status: 'ready',
  version: '1.2.3',
  backend: 'remote',
  endpoint: 'https://lingma.alibabacloud.com',
  endpointSource: 'default',
  loginSource: '/home/someone/.lingma/cache/user',
  loginExpiresAt: null,
  modelCount: 2,
  uptimeSeconds: 5,
  running: 0,
  waiting: 0,
};

/** A key that its holder may do everything with. */
export function ownerKey(key: string): CallerKey {
  return { name: 'default', key, mayInspect: true, requestsPerMinute: 0 };
}

export type Run = (turn: Turn, context: RunContext) => AsyncIterable<TurnEvent>;

export interface ServedOptions {
  readonly run?: Run;
  readonly models?: (signal: AbortSignal) => Promise<readonly Model[]>;
  readonly settings?: Partial<ServerSettings>;
  readonly state?: () => ProxyState;
  readonly redactor?: Redactor;
  readonly control?: ControlServices;
  readonly expectTurn?: () => void;
  /** Changes what no setting does, before it listens. */
  readonly prepare?: (app: FastifyInstance) => void;
}

/** The real server on a loopback port of its own, before a backend that a test plays. */
export interface Served {
  readonly url: string;
  readonly port: number;
  readonly app: FastifyInstance;
  readonly running: RunningTurns;
  readonly recorder: Recorder;
  readonly logs: LogBuffer;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Posts JSON. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  /** Sends bytes as they are and gathers what comes back until the server closes the connection, or `until` appears. */
  raw(request: string | Buffer, until?: string): Promise<string>;
  connect(): Promise<Socket>;
  /** The newest record, once its request has ended. */
  lastRecord(): Promise<RequestRecord>;
  close(): Promise<void>;
}

export async function serve(test: TestContext, options: ServedOptions = {}): Promise<Served> {
  const redactor = options.redactor ?? new Redactor();
  const recorder = new Recorder({ redactor });
  const logs = new LogBuffer(redactor);
  const running = new RunningTurns();
  const backend: Backend = {
    listModels: async () => exampleModels,
    run: options.run ?? (() => replay(answer('Hello'))),
    dispose: async () => {},
  };
  const settings: ServerSettings = {
    host: '127.0.0.1',
    keys: [],
    metrics: 'off',
    allowedOrigins: [],
    bodyLimit: 1_000_000,
    keepAliveMs: 15_000,
    responseStoreLimit: 64_000_000,
    timeoutMs: 0,
    ...options.settings,
  };
  const app = createApp({
    services: {
      version: '1.2.3',
      backend: () => backend,
      models: options.models ?? (async () => exampleModels),
      expectTurn: options.expectTurn ?? (() => {}),
      countTokens: (turn) => estimateTurnTokens(turn),
      state: options.state ?? (() => exampleState),
      serviceInfo: () => ({ version: '1.2.3', backend: 'remote', maxConcurrent: 4, images: true }),
      recorder,
      logs,
      logger: logs,
    },
    settings,
    running,
    ...(options.control && { control: options.control }),
  });
  options.prepare?.(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    await running.drain(0);
    app.server.closeAllConnections();
    await app.close();
  };
  test.after(close);

  const open = async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  return {
    url,
    port,
    app,
    running,
    recorder,
    logs,
    fetch: (path, init) => fetch(url + path, init),
    post: (path, body, init) => fetch(url + path, { ...init, method: 'POST', body: JSON.stringify(body) }),
    connect: open,
    raw: async (request, until) => {
      const socket = await open();
      socket.write(request);
      let text = '';
      for await (const chunk of socket) {
        text += chunk;
        if (until !== undefined && text.includes(until)) break;
      }
      socket.destroy();
      return text;
    },
    lastRecord: async () => {
      for (;;) {
        const [record] = recorder.list(1);
        if (record && record.state !== 'running') return record;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close,
  };
}

export async function* replay(events: Iterable<TurnEvent | Error>): AsyncGenerator<TurnEvent> {
  for (const event of events) {
    if (event instanceof Error) throw event;
    yield event;
  }
}

/** All that a stream gives, in order. */
export async function gather<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of stream) all.push(each);
  return all;
}

export const started: TurnEvent = { type: 'turn-start', model: 'kmodel', inputTokens: 3 };
export const ended: TurnEnd = {
  type: 'turn-end',
  reason: 'stop',
  usage: { source: 'upstream', inputTokens: 3, outputTokens: 2 },
};

export function text(delta: string): TurnEvent {
  return { type: 'text-delta', text: delta };
}

export function answer(...deltas: readonly string[]): TurnEvent[] {
  return [started, ...deltas.map(text), ended];
}

/** A backend's side of one turn, played by hand: what is pushed comes out, an abort ends it as the contract asks. */
export class Stage {
  readonly #waiting: (TurnEvent | Error)[] = [];
  #wake: () => void = () => {};
  #signal: AbortSignal | undefined;
  readonly begun: Promise<void>;
  #begin: () => void = () => {};
  /** Resolves when the backend has been left or aborted, to the signal's reason if there is one. */
  readonly left: Promise<unknown>;
  #leave: (reason: unknown) => void = () => {};

  constructor() {
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.left = new Promise((resolve) => {
      this.#leave = resolve;
    });
  }

  push(...events: readonly (TurnEvent | Error)[]): void {
    this.#waiting.push(...events);
    this.#wake();
  }

  readonly run: Run = (_turn, { signal }) => this.#play(signal);

  async *#play(signal: AbortSignal): AsyncGenerator<TurnEvent> {
    this.#signal = signal;
    this.#begin();
    const onAbort = () => {
      this.#leave(signal.reason);
      this.#wake();
    };
    signal.addEventListener('abort', onAbort);
    try {
      for (;;) {
        signal.throwIfAborted();
        const next = this.#waiting.shift();
        if (next instanceof Error) throw next;
        if (next) yield next;
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#leave(this.#signal.reason);
    }
  }
}

/** The smallest request of each API. */
export const apis = [
  {
    name: 'chat',
    path: '/v1/chat/completions',
    body: { model: 'kmodel', messages: [{ role: 'user', content: 'Hi' }] },
  },
  { name: 'responses', path: '/v1/responses', body: { model: 'kmodel', input: 'Hi' } },
  {
    name: 'messages',
    path: '/v1/messages',
    body: { model: 'kmodel', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] },
  },
] as const;

export type Api = (typeof apis)[number];

/** The error inside a body, wherever the dialect puts it, checked to be in that dialect's shape. */
export function errorOf(api: Api['name'], body: unknown): Record<string, unknown> {
  const holder = body as { type?: unknown; error?: Record<string, unknown> };
  if (api === 'messages' && holder.type !== 'error')
    throw new Error(`not Anthropic's shape: ${JSON.stringify(body)}`);
  const { error } = holder;
  if (typeof error?.['message'] !== 'string' || typeof error['type'] !== 'string') {
    throw new Error(`no error: ${JSON.stringify(body)}`);
  }
  if (api !== 'messages' && !('param' in error && 'code' in error)) {
    throw new Error(`not OpenAI's shape: ${JSON.stringify(body)}`);
  }
  return error;
}
