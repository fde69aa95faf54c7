import * as z from 'zod';
import { ProxyError, throwIfAborted } from '../../core/errors.ts';
import { phrase } from '../../core/localizer.ts';
import type { Logger } from '../../core/logger.ts';
import { onDemand } from '../../core/on-demand.ts';
import { noTrace, type Trace } from '../../core/trace.ts';
import { startDeadline, untilAborted } from './abortable.ts';
import type { RuntimeConnection } from './connection.ts';
import { PreparedSessions } from './prepared-sessions.ts';
import { type PromptSurroundings, promptMeta } from './prompt-meta.ts';
import { RpcError } from './rpc-errors.ts';
import type { Session } from './session.ts';
import { tracedRequest } from './traced-request.ts';

export interface SessionsOptions extends PromptSurroundings {
  /** The working directory named in `session/new`. */
  readonly cwd: string;
  /** Milliseconds after which an unused prepared session is deleted. */
  readonly preparedLifetimeMs: number;
  readonly now: () => number;
  readonly logger: Logger;
}

/** What became of the sessions. `opened - deleted - refused` are alive or waiting to be deleted. */
export interface SessionCounts {
  readonly opened: number;
  readonly deleted: number;
  /** The runtime refused to delete it, or knows it no longer. */
  readonly refused: number;
  /** Idle, made ahead. */
  readonly prepared: number;
  /** Left behind on a connection that broke; deleted over the next one. */
  readonly orphaned: number;
}

const newResult = onDemand(() =>
  z.union([
    z.object({ sessionId: z.string() }).transform((result) => result.sessionId),
    z.object({ id: z.string() }).transform((result) => result.id),
  ]),
);
const maxOrphans = 100;
const deleteTimeoutMs = 5_000;

/** Opens, prepares and deletes sessions, and loses none: whatever was opened is deleted, over a later connection if need be. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #prepared: PreparedSessions;
  readonly #orphans = new Set<string>();
  readonly #deleting = new Set<Promise<void>>();
  /** The newest one: sessions of those before are deleted over it. */
  #connection: RuntimeConnection | undefined;
  #opened = 0;
  #deleted = 0;
  #refused = 0;
  #closed = false;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#prepared = new PreparedSessions({
      lifetimeMs: options.preparedLifetimeMs,
      open: (connection, modelId) => this.#open(connection, modelId, noTrace, true),
      discard: (session) => this.discard(session),
    });
  }

  get counts(): SessionCounts {
    return {
      opened: this.#opened,
      deleted: this.#deleted,
      refused: this.#refused,
      prepared: this.#prepared.count,
      orphaned: this.#orphans.size,
    };
  }

  /** A session for one turn: a prepared one if one fits, else a new one. Rejects as `RuntimeConnection.request` does. */
  async acquire(
    connection: RuntimeConnection,
    modelId: string,
    trace: Trace,
    signal: AbortSignal,
  ): Promise<Session> {
    const prepared = this.#prepared.take(connection, modelId);
    if (prepared) {
      const session = await this.#await(prepared, signal).catch(() => undefined);
      if (session) {
        trace.note({ type: 'remark', text: 'The turn runs in a session that was prepared ahead.' });
        return session;
      }
      throwIfAborted(signal);
    }
    return this.open(connection, modelId, trace, signal);
  }

  /** A new session, set to the model. One that comes after the signal was aborted is deleted. */
  open(connection: RuntimeConnection, modelId: string, trace: Trace, signal: AbortSignal): Promise<Session> {
    return this.#await(this.#open(connection, modelId, trace, false, signal), signal);
  }

  /** Sets a session to another model. */
  async setModel(session: Session, modelId: string, trace: Trace, signal?: AbortSignal): Promise<void> {
    await tracedRequest(
      session.connection,
      'session/set_model',
      {
        sessionId: session.id,
        modelId,
        timestamp: this.#options.now(),
        _meta: promptMeta(this.#options, modelId),
      },
      trace,
      signal ? { signal } : {},
    );
  }

  /** Opens sessions in the background for the next turns with this model, as many as are needed. */
  prepare(connection: RuntimeConnection, modelId: string): void {
    if (!this.#closed && !connection.closed) this.#prepared.replenish(connection, modelId);
  }

  /** Deletes a session in the background. Resolves when that is done or given up, and never rejects. */
  discard(session: Session, trace: Trace = noTrace): Promise<void> {
    return this.#track(this.#delete(session.connection, session.id, trace));
  }

  /** Takes note of a new connection: what a broken one left behind is deleted over it. */
  connected(connection: RuntimeConnection): void {
    this.#connection = connection;
    connection.onClose(() => this.#prepared.drop(connection));
    const orphans = [...this.#orphans];
    this.#orphans.clear();
    for (const id of orphans) this.#track(this.#delete(connection, id, noTrace));
  }

  /** Deletes what is idle and waits for deletions under way, at most so many milliseconds. Never throws. */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    this.#prepared.drop();
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    const settled = async () => {
      while (this.#deleting.size + this.#prepared.dropping.size > 0) {
        await Promise.allSettled([...this.#prepared.dropping, ...this.#deleting]);
      }
    };
    await Promise.race([settled(), expired]);
    clearTimeout(timer);
  }

  async #open(
    connection: RuntimeConnection,
    modelId: string,
    trace: Trace,
    ahead: boolean,
    signal?: AbortSignal,
  ): Promise<Session> {
    const { cwd, now } = this.#options;
    const params = { cwd, mcpServers: [], _meta: {}, timestamp: now() };
    const result = newResult().safeParse(await tracedRequest(connection, 'session/new', params, trace));
    if (!result.success) {
      throw new ProxyError(
        'upstream-protocol',
        phrase(
          'The Lingma / QoderCN runtime opened a session without telling its id. Restart Lingma / QoderCN, and report this if it repeats.',
        ),
      );
    }
    this.#opened++;
    const session: Session = { id: result.data, connection, modelId, existedBefore: ahead };
    try {
      await this.setModel(session, modelId, trace, signal);
      return session;
    } catch (error) {
      this.discard(session, trace);
      throw error;
    }
  }

  /** Waits for a session; one that comes when nobody waits any more is deleted. */
  #await(opening: Promise<Session>, signal: AbortSignal): Promise<Session> {
    return untilAborted(opening, signal).catch((error: unknown) => {
      opening.then((session) => this.discard(session)).catch(() => {});
      throw error;
    });
  }

  #track(deleting: Promise<void>): Promise<void> {
    const tracked = deleting.finally(() => this.#deleting.delete(tracked));
    this.#deleting.add(tracked);
    return tracked;
  }

  async #delete(connection: RuntimeConnection, id: string, trace: Trace): Promise<void> {
    const first = connection.deleteParameter;
    // Older runtimes know the session by another parameter.
    const second = first === 'sessionId' ? 'id' : 'sessionId';
    try {
      for (const parameter of [first, second] as const) {
        if (await this.#tryDelete(connection, parameter, id, trace)) {
          connection.deleteParameter = parameter;
          this.#deleted++;
          return;
        }
      }
      this.#refused++;
      this.#options.logger.warn(`The IPC runtime refused to delete session ${id}.`);
    } catch {
      const next = this.#connection;
      // The one that took the place of the broken one may have come before anybody gave this session back.
      if (connection.closed && next && next !== connection && !next.closed)
        return this.#delete(next, id, trace);
      if (this.#orphans.size < maxOrphans) this.#orphans.add(id);
    }
  }

  /** False: the runtime refused. Throws when there was no answer. */
  async #tryDelete(
    connection: RuntimeConnection,
    parameter: 'sessionId' | 'id',
    id: string,
    trace: Trace,
  ): Promise<boolean> {
    const noAnswer = () =>
      new ProxyError('timeout', 'The runtime did not confirm that a session was deleted.');
    const deadline = startDeadline(deleteTimeoutMs, noAnswer);
    try {
      await tracedRequest(connection, 'chat/deleteSessionById', { [parameter]: id }, trace, deadline);
      return true;
    } catch (error) {
      if (error instanceof RpcError) return false;
      throw error;
    } finally {
      deadline.clear();
    }
  }
}
