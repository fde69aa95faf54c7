import { redactUrl } from './redact-url.ts';
import { type SettingName, type Settings, settingNames, settingTable } from './settings.ts';

/** All settings in force by name, fit for a bug report: no key, no password. */
export function shownSettings(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(settingNames.map((name) => [name, shownValue(name, settings[name])]));
}

/** A setting's value as people may see it; secrets are replaced by `[redacted]`. */
export function shownValue(name: SettingName, value: unknown): unknown {
  if (settingTable[name].secret === true && String(value) !== '') return '[redacted]';
  return typeof value === 'string' ? redactUrl(value) : value;
}
