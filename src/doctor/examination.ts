import type { Origin } from '../config/origin.ts';
import type { SettingName, Settings } from '../config/settings.ts';
import type { Computer } from '../runtime/computer.ts';
import type { Diagnosis } from './diagnosis.ts';

/** What every check gets: what it looks at, and where it takes down what it finds. */
export interface Examination {
  readonly diagnosis: Diagnosis;
  readonly settings: Settings;
  readonly origins: Readonly<Record<SettingName, Origin>>;
  readonly computer: Computer;
  /** The one that is examined: the running proxy's, or the configured one. */
  readonly backend: Settings['backend'];
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
}
