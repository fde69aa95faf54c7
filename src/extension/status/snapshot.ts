import type { SettingName } from '../../config/settings.ts';
import type { ProxyState } from '../../server/services.ts';
import type { HostState, RunMode } from '../proxy/proxy-host.ts';
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
    readonly state: ProxyState;
    /** Requests that have begun and not ended. */
    readonly inFlight: number;
    /** Changed settings that have no effect before a restart. */
    readonly needRestart: readonly SettingName[];
  };
  readonly usage: Usage;
}

export function takeSnapshot(state: HostState, usageOf: (mode: RunMode) => Usage): Snapshot {
  const mode = state.kind === 'running' ? state.run.mode : state.kind === 'starting' ? state.mode : 'usual';
  return {
    kind: state.kind,
    mode,
    ...(state.kind === 'failed' ? { failure: state.failure.message } : {}),
    ...(state.kind === 'running'
      ? {
          live: {
            url: state.run.url,
            state: state.run.proxy.state(),
            inFlight: state.run.proxy.requests.running,
            needRestart: state.needRestart,
          },
        }
      : {}),
    usage: usageOf(mode),
  };
}
