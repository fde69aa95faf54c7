import { type SettingName, type Settings, settingNames, settingTable } from './settings.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** `base` with what another process says of settings by their names. What is not known here, or not allowed, changes nothing. */
export function settingsFromJson(json: unknown, base: Settings): Settings {
  if (typeof json !== 'object' || json === null) return base;
  const settings: Mutable<Settings> = { ...base };
  for (const name of settingNames) {
    if (Object.hasOwn(json, name)) assign(settings, name, Reflect.get(json, name));
  }
  return settings;
}

/** The settings as another process of the same person may read them. */
export function settingsWithoutSecrets(settings: Settings): Partial<Settings> {
  return Object.fromEntries(
    settingNames.filter((name) => settingTable[name].secret !== true).map((name) => [name, settings[name]]),
  );
}

function assign<Name extends SettingName>(settings: Mutable<Settings>, name: Name, value: unknown): void {
  const { read, readResolved = read } = settingTable[name].type;
  const taken = readResolved(value);
  if (taken !== undefined) settings[name] = taken;
}
