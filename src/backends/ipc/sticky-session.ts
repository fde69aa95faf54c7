import type { Trace } from '../../core/trace.ts';
import { untilAborted } from './abortable.ts';
import type { RuntimeConnection } from './connection.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** A hold on the sticky session: one turn at a time. */
export interface StickyHold {
  readonly session: Session;
  /** Lets the next turn in; `keep: false` deletes the session first. Resolves when that is done, and never rejects. */
  release(keep: boolean): Promise<void>;
}

/** The one session that `session_mode: reuse` runs all its turns in, one after the other. */
export class StickySession {
  readonly #sessions: Sessions;
  #session: Session | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** Waits for the turns before, then gives the session, opened or set to the model as needed. */
  async acquire(
    connection: RuntimeConnection,
    modelId: string,
    trace: Trace,
    signal: AbortSignal,
  ): Promise<StickyHold> {
    const unlock = await this.#lock(signal);
    try {
      const session = await this.#ready(connection, modelId, trace, signal);
      this.#session = { ...session, existedBefore: true };
      return {
        session,
        release: (keep) => {
          const dropped = keep ? Promise.resolve() : this.drop(session);
          unlock();
          return dropped;
        },
      };
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** Deletes the session, if it still is this one (or whichever it is). */
  async drop(session = this.#session): Promise<void> {
    if (!session || session.id !== this.#session?.id) return;
    this.#session = undefined;
    await this.#sessions.discard(session);
  }

  async #ready(
    connection: RuntimeConnection,
    modelId: string,
    trace: Trace,
    signal: AbortSignal,
  ): Promise<Session> {
    const kept = this.#session;
    if (kept?.connection === connection) {
      if (kept.modelId === modelId) return kept;
      try {
        await untilAborted(this.#sessions.setModel(kept, modelId, trace), signal);
        return { ...kept, modelId };
      } catch (error) {
        this.drop(kept);
        if (signal.aborted || connection.closed) throw error;
      }
    }
    this.drop();
    return this.#sessions.open(connection, modelId, trace, signal);
  }

  async #lock(signal: AbortSignal): Promise<() => void> {
    const before = this.#tail;
    let unlock = () => {};
    this.#tail = new Promise((resolve) => {
      unlock = resolve;
    });
    try {
      await untilAborted(before, signal);
      return unlock;
    } catch (error) {
      before.then(unlock);
      throw error;
    }
  }
}
