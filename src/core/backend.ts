import type { TurnEvent } from './events.ts';
import type { Model } from './models.ts';
import type { Trace } from './trace.ts';
import type { Turn } from './turn.ts';

/** What accompanies one run of a turn. */
export interface RunContext {
  /** Aborted when the client leaves, a time-out strikes or the proxy stops; the upstream turn is then cancelled. */
  readonly signal: AbortSignal;
  readonly trace: Trace;
  /** The caller is a program on this computer, no web page: files and local addresses that it names may be read. Absent: not. */
  readonly fromThisComputer?: boolean;
  /** The name of the API key that the request came with. Absent: none is asked for. */
  readonly caller?: string;
}

/** The events of one turn, for one reader. */
export interface TurnEventStream {
  [Symbol.asyncIterator](): TurnEventReader;
}

/** Reads the events of one turn. Leaving early (`return()`) cancels the upstream turn. */
export interface TurnEventReader extends AsyncIterator<TurnEvent> {
  /**
   * Events that have come already, so that what upstream sent together is passed on together and costs one promise. None: ask
   * `next()`, which also tells the end and failures. Absent: always ask `next()`.
   */
  ready?(): readonly TurnEvent[];
}

/** An upstream, or a policy around one. */
export interface Backend {
  /** The models that the account has, as upstream lists them. Throws `ProxyError`. */
  listModels(signal: AbortSignal): Promise<readonly Model[]>;
  /**
   * Answers a turn. Throws `ProxyError` while iterated. Whoever stops iterating early (`return()`) or aborts the signal
   * cancels the upstream turn.
   */
  run(turn: Turn, context: RunContext): TurnEventStream;
  /** Frees connections and sessions. Never throws. */
  dispose(): Promise<void>;
}

/** A function from backend to backend: fallback, tool emulation, a pool. */
export type Policy = (inner: Backend) => Backend;

/** A backend that runs turns as `run` says and leaves the rest to `inner`: what most policies are. */
export function withRun(inner: Backend, run: Backend['run']): Backend {
  return { listModels: (signal) => inner.listModels(signal), run, dispose: () => inner.dispose() };
}
