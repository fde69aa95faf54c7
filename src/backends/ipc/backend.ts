import { randomBytes, randomUUID } from 'node:crypto';
import type { Backend, RunContext, TurnEventStream } from '../../core/backend.ts';
import { EventBatches } from '../../core/event-batches.ts';
import type { Phrase } from '../../core/localizer.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import type { RuntimeEndpoint } from '../../core/login.ts';
import type { Model } from '../../core/models.ts';
import type { Turn } from '../../core/turn.ts';
import { startDeadline } from './abortable.ts';
import type { RuntimeConnection } from './connection.ts';
import { Connector, type Discovery } from './connector.ts';
import { ModelList } from './model-list.ts';
import { ConnectionLost } from './rpc-errors.ts';
import type { FinishGrace } from './running-prompt.ts';
import { type SessionCounts, Sessions } from './sessions.ts';
import { StickySession } from './sticky-session.ts';
import { abandoned, asTurnError, setupTooSlow, shuttingDown } from './turn-errors.ts';
import { TurnRunner, type TurnScope } from './turn-runner.ts';

export interface IpcBackendOptions {
  /** Ordered candidates, discovered anew by their owner at each call; may be empty. */
  readonly findEndpoints: () => Promise<readonly RuntimeEndpoint[]>;
  /** Why the last call found no candidate, as a sentence for the user. */
  readonly noEndpointReason: () => readonly Phrase[];
  /** `ai-coding/mode`, such as `agent`. */
  readonly mode: string;
  readonly shellType: string;
  /** The working directory that sessions are opened with. */
  readonly cwd: string;
  readonly currentFilePath: string;
  /** `fresh`: a session per turn. `reuse`: one for all, which gets the last user message only. `auto`: as `fresh`. */
  readonly sessionMode: 'fresh' | 'reuse' | 'auto';
  /** Whether an idle session is opened ahead for each model in use. */
  readonly prepareSessions: boolean;
  /** Milliseconds from connecting to the prompt; 15 000 when absent. */
  readonly setupTimeoutMs?: number;
  /** Milliseconds of upstream silence that fail a turn; 0, or absent: no bound. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds after which an unused prepared session is deleted; a minute when absent. */
  readonly preparedLifetimeMs?: number;
  /** How long `chat_finish` may stay out once the prompt was answered. */
  readonly finishGrace?: FinishGrace;
  /** Bytes; 64 MiB when absent. */
  readonly maxFrameBytes?: number;
  /** Where images are written for the runtime to read; '' or absent: the system's temporary folder. */
  readonly temporaryDirectory?: string;
  readonly logger?: Logger;
  /** Unique ids for prompts. */
  readonly newId?: () => string;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** What the backend is doing, for health and diagnostics. */
export interface IpcStatus {
  /** The runtime connected to now. */
  readonly endpoint: RuntimeEndpoint | undefined;
  /** How the last look for a runtime went; undefined before the first. */
  readonly discovery: Discovery | undefined;
  readonly sessions: SessionCounts;
  readonly activeTurns: number;
}

/** The backend over the local runtime, with what the diagnostics and the start-up need beyond `Backend`. */
export interface IpcBackend extends Backend {
  status(): IpcStatus;
  /** Connects, reads the model list and prepares a session, so that the first turn need not. Throws `ProxyError`. */
  warmUp(model: string, signal: AbortSignal): Promise<void>;
}

/** Milliseconds that `dispose` may take. */
const disposeTimeoutMs = 1_500;

/** A backend that runs turns in the Lingma / QoderCN runtime on this computer. Connects on first use. */
export function createIpcBackend(options: IpcBackendOptions): IpcBackend {
  return new LocalRuntimeBackend(options);
}

class LocalRuntimeBackend implements IpcBackend {
  readonly #options: IpcBackendOptions;
  readonly #connector: Connector;
  readonly #sessions: Sessions;
  readonly #sticky: StickySession;
  readonly #models: ModelList;
  readonly #runner: TurnRunner;
  readonly #setupTimeoutMs: number;
  readonly #running = new Set<AbortController>();
  #disposed: Promise<void> | undefined;

  constructor(options: IpcBackendOptions) {
    const { logger = silentLogger, now = Date.now, setupTimeoutMs = 15_000 } = options;
    const { mode, shellType, currentFilePath, cwd } = options;
    this.#options = options;
    this.#setupTimeoutMs = setupTimeoutMs;
    this.#models = new ModelList(now);
    this.#sessions = new Sessions({
      mode,
      shellType,
      currentFilePath,
      cwd,
      preparedLifetimeMs: options.preparedLifetimeMs ?? 60_000,
      now,
      logger,
    });
    this.#sticky = new StickySession(this.#sessions);
    this.#connector = new Connector(
      {
        findEndpoints: options.findEndpoints,
        noEndpointReason: options.noEndpointReason,
        timeoutMs: setupTimeoutMs,
        maxFrameBytes: options.maxFrameBytes ?? 64 * 1024 * 1024,
        now,
        logger,
      },
      (connection) => this.#sessions.connected(connection),
    );
    this.#runner = new TurnRunner({
      connector: this.#connector,
      models: this.#models,
      sessions: this.#sessions,
      sticky: options.sessionMode === 'reuse' ? this.#sticky : undefined,
      surroundings: { mode, shellType, currentFilePath },
      prepareSessions: options.prepareSessions && options.sessionMode !== 'reuse',
      setupTimeoutMs,
      idleTimeoutMs: options.idleTimeoutMs ?? 0,
      finishGrace: options.finishGrace ?? { completedMs: 3_000, acknowledgedMs: 60_000 },
      temporaryDirectory: options.temporaryDirectory ?? '',
      promptSecret: randomBytes(16).toString('hex'),
      newId: options.newId ?? randomUUID,
    });
  }

  async listModels(signal: AbortSignal): Promise<readonly Model[]> {
    return this.#overConnection(signal, (connection, inner) => this.#models.load(connection, inner));
  }

  async warmUp(model: string, signal: AbortSignal): Promise<void> {
    await this.#overConnection(signal, async (connection, inner) => {
      const chosen = await this.#models.choose(connection, model, inner);
      if (this.#options.prepareSessions && this.#options.sessionMode !== 'reuse') {
        this.#sessions.prepare(connection, chosen.key);
      }
    });
  }

  run(turn: Turn, context: RunContext): TurnEventStream {
    const own = new AbortController();
    const events = this.#runner.run(turn, context.trace, () => this.#begin(own, context.signal));
    // A generator that waits for an event hears of `return()` only after that event, so the wait itself has to end first.
    return new EventBatches({
      next: () => events.next(),
      return: () => {
        own.abort(abandoned);
        return events.return();
      },
    });
  }

  status(): IpcStatus {
    return {
      endpoint: this.#connector.current?.endpoint,
      discovery: this.#connector.discovery,
      sessions: this.#sessions.counts,
      activeTurns: this.#running.size,
    };
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  #begin(own: AbortController, outer: AbortSignal): TurnScope {
    if (this.#disposed) throw shuttingDown();
    const onAbort = () => own.abort(outer.reason);
    if (outer.aborted) onAbort();
    else outer.addEventListener('abort', onAbort, { once: true });
    this.#running.add(own);
    return {
      signal: own.signal,
      end: () => {
        this.#running.delete(own);
        outer.removeEventListener('abort', onAbort);
      },
    };
  }

  async #overConnection<T>(
    signal: AbortSignal,
    use: (connection: RuntimeConnection, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#disposed) throw shuttingDown();
    const deadline = startDeadline(this.#setupTimeoutMs, setupTooSlow, signal);
    try {
      const first = await this.#connector.connect(deadline.signal);
      try {
        return await use(first, deadline.signal);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        return await use(await this.#connector.connect(deadline.signal), deadline.signal);
      }
    } catch (error) {
      throw asTurnError(error);
    } finally {
      deadline.clear();
    }
  }

  async #dispose(): Promise<void> {
    for (const own of this.#running) own.abort(shuttingDown());
    this.#sticky.drop();
    // Aborted turns give their sessions back in the next turns of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#sessions.close(disposeTimeoutMs);
    // Deletions that no runtime answers end with the connection, and the images that wait for them can go.
    this.#connector.close(shuttingDown());
    await this.#runner.close();
  }
}
