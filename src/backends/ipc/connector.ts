import { type ErrorDetails, ProxyError, throwIfAborted } from '../../core/errors.ts';
import { type Phrase, phrase } from '../../core/localizer.ts';
import type { Logger } from '../../core/logger.ts';
import type { RuntimeEndpoint } from '../../core/login.ts';
import { startDeadline, untilAborted } from './abortable.ts';
import type { RuntimeConnection } from './connection.ts';

export interface ConnectorOptions {
  /** Ordered candidates, discovered anew at each call; may be empty. */
  readonly findEndpoints: () => Promise<readonly RuntimeEndpoint[]>;
  /** Why there is no candidate, in words for the user. */
  readonly noEndpointReason: () => readonly Phrase[];
  /** Milliseconds for all candidates together. */
  readonly timeoutMs: number;
  readonly maxFrameBytes: number;
  readonly now: () => number;
  readonly logger: Logger;
}

/** How one candidate fared. */
export interface EndpointTrial {
  readonly endpoint: RuntimeEndpoint;
  readonly outcome: 'connected' | 'passed-over';
  /** Why it was passed over; '' when connected. */
  readonly reason: string;
}

/** The last look for a runtime, for the diagnostics. */
export interface Discovery {
  /** Unix milliseconds. */
  readonly at: number;
  readonly trials: readonly EndpointTrial[];
  /** Why no runtime was reached; '' when one was. */
  readonly problem: string;
}

/** Keeps the one connection that all turns share, and finds the runtime again when it went away. */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #onConnect: (connection: RuntimeConnection) => void;
  #current: RuntimeConnection | undefined;
  #connecting: Promise<RuntimeConnection> | undefined;
  readonly #stop = new AbortController();
  #discovery: Discovery | undefined;

  constructor(options: ConnectorOptions, onConnect: (connection: RuntimeConnection) => void) {
    this.#options = options;
    this.#onConnect = onConnect;
  }

  /** The open connection, if there is one now. */
  get current(): RuntimeConnection | undefined {
    return this.#current?.closed ? undefined : this.#current;
  }

  get discovery(): Discovery | undefined {
    return this.#discovery;
  }

  /**
   * The shared connection, made when there is none. Callers at the same time share one attempt. `avoid` names addresses
   * that proved unable to generate. Throws `runtime-unavailable`, or the signal's error.
   */
  async connect(signal: AbortSignal, avoid: ReadonlySet<string> = new Set()): Promise<RuntimeConnection> {
    for (let mayJoin = true; ; mayJoin = false) {
      throwIfAborted(signal);
      throwIfAborted(this.#stop.signal);
      if (this.current && !avoid.has(this.current.endpoint.address)) return this.current;
      const joined = this.#connecting;
      try {
        const connection = await untilAborted(joined ?? this.#startConnecting(avoid), signal);
        if (!avoid.has(connection.endpoint.address)) return connection;
      } catch (error) {
        // An attempt that somebody else began may have been about to give up.
        if (!joined || !mayJoin) throw error;
      }
    }
  }

  /** Closes the connection and ends an attempt under way; turns still running fail with `reason`. Never throws. */
  close(reason: ProxyError): void {
    this.#stop.abort(reason);
    this.#current?.close(reason);
    this.#current = undefined;
  }

  #startConnecting(avoid: ReadonlySet<string>): Promise<RuntimeConnection> {
    const attempt: Promise<RuntimeConnection> = this.#tryEndpoints(avoid).finally(() => {
      if (this.#connecting === attempt) this.#connecting = undefined;
    });
    this.#connecting = attempt;
    return attempt;
  }

  async #tryEndpoints(avoid: ReadonlySet<string>): Promise<RuntimeConnection> {
    const { findEndpoints, timeoutMs, now, logger } = this.#options;
    const deadline = startDeadline(timeoutMs, runtimeTooSlow, this.#stop.signal);
    const trials: EndpointTrial[] = [];
    try {
      const endpoints = await untilAborted(findEndpoints(), deadline.signal);
      const started = now();
      for (const [index, endpoint] of endpoints.entries()) {
        if (avoid.has(endpoint.address)) {
          trials.push({ endpoint, outcome: 'passed-over', reason: 'it can list models but not generate' });
          continue;
        }
        // A candidate that hangs must leave time for those behind it.
        const share = Math.max(100, (timeoutMs - (now() - started)) / (endpoints.length - index));
        try {
          const connection = await this.#tryEndpoint(endpoint, share, deadline.signal);
          trials.push({ endpoint, outcome: 'connected', reason: '' });
          this.#discovery = { at: now(), trials, problem: '' };
          logger.info(`Connected to the IPC runtime at ${endpoint.address} (${endpoint.source}).`);
          return connection;
        } catch (error) {
          throwIfAborted(deadline.signal);
          trials.push({ endpoint, outcome: 'passed-over', reason: describe(error) });
        }
      }
      throw this.#nothingFound(trials);
    } catch (error) {
      const problem = describe(error);
      this.#discovery = { at: now(), trials, problem };
      logger.debug(`No IPC runtime reached: ${problem}`);
      if (error instanceof ProxyError) throw error;
      throw unavailable([phrase('Looking for the Lingma / QoderCN runtime failed: {0}.', problem)], {
        cause: error,
      });
    } finally {
      deadline.clear();
    }
  }

  async #tryEndpoint(
    endpoint: RuntimeEndpoint,
    timeoutMs: number,
    outer: AbortSignal,
  ): Promise<RuntimeConnection> {
    const { maxFrameBytes, now, logger } = this.#options;
    const deadline = startDeadline(timeoutMs, runtimeTooSlow, outer);
    try {
      // With the library of its protocol it is a tenth of the program, and who uses the remote API alone never has it.
      const { openConnection } = await import('./connection.ts');
      const connection = await openConnection(
        endpoint,
        { signal: deadline.signal, maxFrameBytes, now, logger },
        runtimeTooSlow,
      );
      this.#current?.close(runtimeTooSlow());
      this.#current = connection;
      connection.onClose(() => {
        if (this.#current === connection) this.#current = undefined;
        logger.info(`The IPC runtime at ${endpoint.address} is gone.`);
      });
      this.#onConnect(connection);
      return connection;
    } finally {
      deadline.clear();
    }
  }

  #nothingFound(trials: readonly EndpointTrial[]): ProxyError {
    if (trials.length === 0) {
      return unavailable([
        phrase('No Lingma / QoderCN runtime was found.'),
        ...this.#options.noEndpointReason(),
      ]);
    }
    const tried = trials
      .map(({ endpoint, reason }) => phrase('{0} ({1})', endpoint.address, reason))
      .reduce((list, next) => phrase('{0}; {1}', list, next));
    return unavailable([phrase('No Lingma / QoderCN runtime answers. Tried: {0}.', tried)]);
  }
}

/** The error for a runtime that lists models but knows no sessions, as the VS Code extension's alone does. */
export function cannotGenerate(address: string): ProxyError {
  return new ProxyError(
    'runtime-unavailable',
    phrase(
      'The runtime at {0} can list models but cannot generate answers: it belongs to the VS Code extension alone. Open the QoderCN or Lingma desktop app and try again.',
      address,
    ),
    { retryAfterSeconds: 5 },
  );
}

function unavailable(what: readonly Phrase[], details: ErrorDetails = {}): ProxyError {
  return new ProxyError('runtime-unavailable', [...what, phrase('Open Lingma or QoderCN and try again.')], {
    retryAfterSeconds: 5,
    ...details,
  });
}

/** The error for a runtime that accepts a connection but does not answer. */
export function runtimeTooSlow(): ProxyError {
  return new ProxyError(
    'runtime-unavailable',
    phrase('The Lingma / QoderCN runtime did not answer in time. Restart Lingma or QoderCN and try again.'),
    { retryAfterSeconds: 5 },
  );
}

function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}
