import { ProxyError } from '../../core/errors.ts';
import { phrase } from '../../core/localizer.ts';
import { findListedModel, type Model } from '../../core/models.ts';
import { untilAborted } from './abortable.ts';
import type { RuntimeConnection } from './connection.ts';
import { chooseModel, readModels } from './models.ts';
import { RpcError } from './rpc-errors.ts';

/** Milliseconds after which a list is read again in the background. */
const staleAfterMs = 5 * 60_000;
/** Milliseconds within which a name that is missing from the list is missing for good. */
const trustedForMs = 10_000;

interface Listed {
  readonly models: readonly Model[];
  readonly at: number;
}

/** The models of each connection's runtime, so that a turn need not ask for them. */
export class ModelList {
  readonly #now: () => number;
  readonly #listed = new WeakMap<RuntimeConnection, Listed>();
  readonly #loading = new WeakMap<RuntimeConnection, Promise<readonly Model[]>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Asks the runtime. Rejects as `RuntimeConnection.request` does. */
  load(connection: RuntimeConnection, signal: AbortSignal): Promise<readonly Model[]> {
    let loading = this.#loading.get(connection);
    if (!loading) {
      loading = this.#load(connection).finally(() => this.#loading.delete(connection));
      this.#loading.set(connection, loading);
    }
    return untilAborted(loading, signal);
  }

  /** The model that a turn names ('' means the default). Throws `model-not-found`. */
  async choose(connection: RuntimeConnection, name: string, signal: AbortSignal): Promise<Model> {
    const listed = this.#listed.get(connection);
    const age = listed ? this.#now() - listed.at : Number.POSITIVE_INFINITY;
    if (listed && age > staleAfterMs) this.load(connection, signal).catch(() => {});
    if (listed && (age < trustedForMs || name === '' || findListedModel(listed.models, name))) {
      return chooseModel(listed.models, name);
    }
    try {
      return chooseModel(await this.load(connection, signal), name);
    } catch (error) {
      // A runtime that lists nothing may still know the model by the name that the client uses.
      if (!(error instanceof RpcError) || name === '') throw asModelError(error);
      return { id: name, key: name, displayName: name, aliases: [], scene: '' };
    }
  }

  async #load(connection: RuntimeConnection): Promise<readonly Model[]> {
    const models = readModels(await connection.request('config/queryModels', {}));
    this.#listed.set(connection, { models, at: this.#now() });
    return models;
  }
}

function asModelError(error: unknown): unknown {
  if (!(error instanceof RpcError)) return error;
  return new ProxyError(
    'upstream-unavailable',
    phrase(
      'The Lingma / QoderCN runtime refused to list its models ({0}). Name a model in the request, or restart Lingma / QoderCN.',
      error.message,
    ),
    { retryAfterSeconds: 5, cause: error },
  );
}
