import type { SettingName } from '../../config/settings.ts';
import type { ProxyState } from '../../server/services.ts';
import type { PlacementText } from '../placement.ts';
import type { HostState } from '../proxy/proxy-host.ts';
import type { Owner, RunMode, RunningProxy } from '../proxy/running-proxy.ts';
import type { Usage } from '../usage-today.ts';

/** All that the status bar and the status view show, at one moment. */
export interface Snapshot {
  readonly kind: HostState['kind'];
  readonly mode: RunMode;
  /** Why the start failed. */
  readonly failure?: string;
  /** Present while it runs. */
  readonly live?: {
    readonly url: string;
    readonly relation: RunningProxy['relation'];
    readonly owner: Owner;
    /** Present where the window is connected to another computer. */
    readonly placement?: PlacementText;
    readonly state: ProxyState;
    /** Requests that have begun and not ended. */
    readonly inFlight: number;
    /** Changed settings that have no effect before a restart. */
    readonly needRestart: readonly SettingName[];
  };
  readonly usage: Usage;
}

export function takeSnapshot(
  state: HostState,
  usageOf: (mode: RunMode) => Usage,
  placementOf: (url: string) => PlacementText | undefined,
): Snapshot {
  const mode = state.kind === 'running' ? state.run.mode : state.kind === 'starting' ? state.mode : 'usual';
  const placement = state.kind === 'running' ? placementOf(state.run.url) : undefined;
  return {
    kind: state.kind,
    mode,
    ...(state.kind === 'failed' ? { failure: state.failure.message } : {}),
    ...(state.kind === 'running'
      ? {
          live: {
            url: state.run.url,
            relation: state.run.relation,
            owner: state.run.owner,
            ...(placement && { placement }),
            state: state.run.proxy.state(),
            inFlight: state.run.proxy.requests.running,
            needRestart: state.needRestart,
          },
        }
      : {}),
    usage: usageOf(mode),
  };
}
