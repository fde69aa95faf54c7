import type { Ending, OwnerKind } from '../../control/feed-events.ts';
import type { TurnEvent } from '../../core/events.ts';
import type { Model } from '../../core/models.ts';
import type { Turn } from '../../core/turn.ts';
import type { LogLine } from '../../recording/log-buffer.ts';
import type { RequestFeed } from '../../recording/request-feed.ts';
import type { ProxyState } from '../services.ts';

/** What another process is asked for: to stop for good, or to come back in a moment. */
export type AskedEnding = Exclude<Ending, 'closing'>;

/** What the windows that are attached to this proxy may see and do. */
export interface ControlServices {
  readonly version: string;
  readonly kind: OwnerKind;
  state(): ProxyState;
  models(): readonly Model[] | undefined;
  /** By their names, without secrets. */
  settings(): Readonly<Record<string, unknown>>;
  readonly requests: RequestFeed;
  /** Each of these returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  onLog(listener: (line: LogLine) => void): () => void;
  /** Told before the port is let go of. */
  onEnding(listener: (ending: Ending) => void): () => void;
  refreshModels(signal: AbortSignal): Promise<readonly Model[]>;
  /** Takes over what a running proxy can; the rest of it has no effect. */
  applySettings(changes: unknown): void;
  end(ending: AskedEnding): void;
  /** One of the inspector's calls and its answer, as JSON. Rejects with a `ProxyError`. */
  inspect(name: string, input: unknown): Promise<unknown>;
  /** Throws a `ProxyError` while iterated. */
  runTurn(
    turn: Turn,
    context: { readonly client: string; readonly signal: AbortSignal },
  ): AsyncIterable<TurnEvent>;
}
