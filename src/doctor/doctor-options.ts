import type { ResolvedSettings } from '../config/resolve-settings.ts';
import type { Computer } from '../runtime/computer.ts';

/** The settings as they were loaded, with what is odd and what is wrong about them. */
export interface SettingsUnderExamination extends ResolvedSettings {
  /** The file that was read. */
  readonly configFile: string | undefined;
  readonly warnings: readonly string[];
  /** What makes a start impossible; a default stands in for each value that cannot be used. */
  readonly problems: readonly string[];
}

export interface DoctorOptions {
  readonly settings: SettingsUnderExamination;
  /** Of this program. */
  readonly version: string;
  /** Whether requests are made that a model answers: a dozen short ones, which cost tokens of the account. */
  readonly requests: boolean;
  /** Ends the diagnosis early: it rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Default: the one that this runs on. */
  readonly computer?: Computer;
  /** The URL of the proxy that the caller runs; absent: one that listens where the settings say is found. */
  readonly runningUrl?: string;
  /** The editor's name for the kind of computer that it runs on, such as `ssh-remote`; absent: this one. */
  readonly remoteName?: string;
  /** Milliseconds for connecting to a place, and for getting a runtime ready. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds for one answer. Default 60 s. */
  readonly answerTimeoutMs?: number;
}
