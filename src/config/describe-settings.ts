import { describeOrigin } from './origin.ts';
import { redactUrl } from './redact-url.ts';
import type { ResolvedSettings } from './resolve-settings.ts';
import { type SettingName, settingNames, settingTable } from './settings.ts';

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
    const { jsonKey, secret } = settingTable[name];
    const value = resolved.settings[name];
    return {
      name,
      jsonKey,
      value: secret === true && String(value) !== '' ? '[redacted]' : withoutPasswords(value),
      origin: describeOrigin(resolved.origins[name]),
    };
  });
}

function withoutPasswords(value: unknown): unknown {
  return typeof value === 'string' ? redactUrl(value) : value;
}
