import { describeOrigin } from './origin.ts';
import type { ResolvedSettings } from './resolve-settings.ts';
import { type SettingName, settingNames, settingTable } from './settings.ts';
import { shownValue } from './shown-settings.ts';

/** One setting as people may see it. */
export interface SettingDescription {
  readonly name: SettingName;
  readonly jsonKey: string;
  /** The value as JSON holds it; secrets are replaced by `[redacted]`. */
  readonly value: unknown;
  /** Where it came from, in words. */
  readonly origin: string;
}

/** All settings with their origins, fit for a log, a diagnosis or a bug report: no key, no password. */
export function describeSettings(resolved: ResolvedSettings): SettingDescription[] {
  return settingNames.map((name) => {
    const { jsonKey } = settingTable[name];
    return {
      name,
      jsonKey,
      value: shownValue(name, resolved.settings[name]),
      origin: describeOrigin(resolved.origins[name]),
    };
  });
}
