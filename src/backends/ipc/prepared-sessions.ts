import type { RuntimeConnection } from './connection.ts';
import type { Session } from './session.ts';

export interface PreparedSessionsOptions {
  /** Milliseconds after which an unused session is dropped. */
  readonly lifetimeMs: number;
  readonly open: (connection: RuntimeConnection, modelId: string) => Promise<Session>;
  /** Gets back what nobody will use. */
  readonly discard: (session: Session) => void;
}

interface Prepared {
  readonly connection: RuntimeConnection;
  readonly modelId: string;
  readonly opening: Promise<Session>;
  readonly timer: NodeJS.Timeout;
  ready: boolean;
}

/** As many as there may be requests at once. */
const maxWanted = 16;

/**
 * Sessions opened ahead, for each model as many as turns were found to need: one more each time that a turn would have to wait
 * for its session, one less each time that a session was opened in vain.
 */
export class PreparedSessions {
  readonly #options: PreparedSessionsOptions;
  readonly #wanted = new Map<string, number>();
  /** The connection over which a model's last turn ran. */
  readonly #lastUsed = new Map<string, RuntimeConnection>();
  /** The newest last. */
  readonly #waiting = new Set<Prepared>();
  readonly #dropping = new Set<Promise<void>>();

  constructor(options: PreparedSessionsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#waiting.size;
  }

  /** Takes the session that serves a turn soonest; undefined when there is none. It may yet be refused. */
  take(connection: RuntimeConnection, modelId: string): Promise<Session> | undefined {
    const fitting = this.#fitting(connection, modelId);
    // The newest of those that are ready: the others grow old, which shows that they are not needed.
    const best = fitting.findLast(({ ready }) => ready) ?? fitting[0];
    if (best?.ready !== true) this.#missed(connection, modelId);
    this.#lastUsed.set(modelId, connection);
    if (best) this.#forget(best);
    return best?.opening;
  }

  /** Opens what is wanted for the next turns with this model, at least one. */
  replenish(connection: RuntimeConnection, modelId: string): void {
    if (this.#wantedOf(modelId) === 0) this.#setWanted(modelId, 1);
    const missing = this.#wantedOf(modelId) - this.#fitting(connection, modelId).length;
    for (let opened = 0; opened < missing; opened++) this.#open(connection, modelId);
  }

  /** Gives up the sessions of a connection, or all. */
  drop(connection?: RuntimeConnection): void {
    for (const prepared of this.#waiting) {
      if (connection === undefined || prepared.connection === connection) this.#drop(prepared);
    }
  }

  /** Whatever was dropped and is not yet open, and so not yet discarded. Never rejects. */
  get dropping(): ReadonlySet<Promise<void>> {
    return this.#dropping;
  }

  /** Over a new connection the first turn always waits, which says nothing of those to come. */
  #missed(connection: RuntimeConnection, modelId: string): void {
    const wanted = this.#wantedOf(modelId);
    const isFirst = connection.closed || this.#lastUsed.get(modelId) !== connection;
    this.#setWanted(modelId, isFirst ? Math.max(1, wanted) : wanted + 1);
  }

  #open(connection: RuntimeConnection, modelId: string): void {
    const opening = this.#options.open(connection, modelId);
    const timer = setTimeout(() => this.#expire(prepared), this.#options.lifetimeMs);
    timer.unref();
    const prepared: Prepared = { connection, modelId, opening, timer, ready: false };
    this.#waiting.add(prepared);
    opening.then(
      () => {
        prepared.ready = true;
      },
      () => this.#forget(prepared),
    );
  }

  #expire(prepared: Prepared): void {
    this.#setWanted(prepared.modelId, this.#wantedOf(prepared.modelId) - 1);
    this.#drop(prepared);
  }

  #drop(prepared: Prepared): void {
    this.#forget(prepared);
    const dropping = prepared.opening
      .then((session) => this.#options.discard(session))
      .catch(() => {})
      .finally(() => this.#dropping.delete(dropping));
    this.#dropping.add(dropping);
  }

  #forget(prepared: Prepared): void {
    clearTimeout(prepared.timer);
    this.#waiting.delete(prepared);
  }

  #fitting(connection: RuntimeConnection, modelId: string): Prepared[] {
    return [...this.#waiting].filter(
      (prepared) => prepared.connection === connection && prepared.modelId === modelId,
    );
  }

  #wantedOf(modelId: string): number {
    return this.#wanted.get(modelId) ?? 0;
  }

  #setWanted(modelId: string, wanted: number): void {
    if (wanted <= 0) this.#wanted.delete(modelId);
    else this.#wanted.set(modelId, Math.min(maxWanted, wanted));
  }
}
