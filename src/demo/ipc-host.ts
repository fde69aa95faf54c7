import type { Brain } from './brain.ts';
import type { IpcSessions } from './ipc-sessions.ts';
import type { Flavour } from './runtime-info.ts';
import type { IpcCall, IpcScenario, ScenarioSource } from './scenarios.ts';

/** What a connection needs to know of its runtime. */
export interface IpcHost {
  readonly flavour: Flavour;
  readonly partial: boolean;
  readonly torn: boolean;
  readonly keepRequests: number;
  readonly sessionIdField: 'sessionId' | 'id';
  readonly deleteForm: 'both' | 'sessionId' | 'id';
  readonly announcesAgent: boolean;
  readonly store: IpcSessions;
  readonly scenarios: ScenarioSource<IpcCall, IpcScenario>;
  readonly state: {
    readonly brain: Brain;
    readonly latencyMs: number;
    readonly chunksPerSecond: number | undefined;
  };
  restart(): void;
}
