import type { Settings } from './config/settings.ts';
import type { TurnEvent } from './core/events.ts';
import type { Model } from './core/models.ts';
import type { Turn } from './core/turn.ts';
import type { RequestFeed } from './recording/request-feed.ts';
import type { TurnCaller } from './run-turn.ts';
import type { ProxyState } from './server/services.ts';
import type { InspectorCallName, InspectorInput, InspectorOutput } from './shared/inspector-calls.ts';

/** A running proxy as a window sees and uses it, whether it runs in the same process or in another. */
export interface ProxyView {
  state(): ProxyState;
  /** The present backend's models as far as they are known. */
  models(): readonly Model[] | undefined;
  /** Asks upstream for the models anew. Rejects with an error for people. */
  refreshModels(signal: AbortSignal): Promise<readonly Model[]>;
  readonly requests: RequestFeed;
  /** Those that have effect now. */
  readonly settings: Settings;
  /** Tells when `state`, `models` or `settings` has changed by itself. Returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  /** Answers a turn of a program in this process on the present backend, recorded like a request. See `runTurn` in run-turn.ts. */
  runTurn(turn: Turn, caller: TurnCaller): AsyncIterable<TurnEvent>;
  /**
   * Answers a call of the inspector's. Rejects with an error whose message is fit to be shown. The second form is for who only
   * passes JSON on: name and input are checked in either.
   */
  inspect<Name extends InspectorCallName>(
    name: Name,
    input: InspectorInput<Name>,
  ): Promise<InspectorOutput<Name>>;
  inspect(name: string, input: unknown): Promise<unknown>;
}
