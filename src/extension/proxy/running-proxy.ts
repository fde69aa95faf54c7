import type { SettingName, Settings } from '../../config/settings.ts';
import type { Ending, OwnerKind } from '../../control/feed-events.ts';
import type { ProxyView } from '../../proxy-view.ts';

/** Against what the proxy runs: a person's own Lingma, or a simulated one. */
export type RunMode = 'usual' | 'demo';

/** The process that has the port. */
export interface Owner {
  /** A window of VS Code, or a process of its own that outlives them all. */
  readonly kind: OwnerKind;
  readonly version: string;
  readonly pid: number;
}

/** A proxy that listens. */
export interface RunningProxy {
  readonly mode: RunMode;
  /** Where clients reach it, without a trailing slash. */
  readonly url: string;
  readonly proxy: ProxyView;
  /** `own`: it runs in this window. `attached`: in the process of another `owner`. */
  readonly relation: 'own' | 'attached';
  readonly owner: Owner;
  /** Hands changed settings over; resolves to the names of those that have no effect before a restart. */
  applySettings(settings: Settings): Promise<readonly SettingName[]>;
  /**
   * An own one ends, with all that was started with it; its answers get `graceMs` to end by themselves. Of another's, `closing` only
   * leaves it; any other ending is asked of its owner, and has happened when this resolves.
   */
  close(ending: Ending, graceMs?: number): Promise<void>;
  /** Of another's: resolves when its owner has let go of the port, or is lost. Never rejects. */
  readonly ended?: Promise<Ending | 'lost'>;
}

/** What is known when a proxy is launched in the place of another. */
export interface Succession {
  /** Where clients knew the former one. */
  readonly url: string;
  /** The former one's owner said that it, or another in its place, is back in a moment. */
  readonly comesBack: boolean;
}

/** Starts a proxy or attaches to one, or throws a `StartFailure`. */
export type Launch = (mode: RunMode, succession?: Succession) => Promise<RunningProxy>;
