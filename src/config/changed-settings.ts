import { isDeepStrictEqual } from 'node:util';
import { type SettingName, type Settings, settingNames, settingTable } from './settings.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Takes the changes that a running proxy can follow over into `current`. Returns the names of the others, which need a new proxy. */
export function applyLiveSettings(current: Mutable<Settings>, wanted: Settings): SettingName[] {
  const changed = settingNames.filter((name) => !isDeepStrictEqual(current[name], wanted[name]));
  const isLive = (name: SettingName) => settingTable[name].live === true;
  for (const name of changed.filter(isLive)) copy(current, wanted, name);
  return changed.filter((name) => !isLive(name));
}

function copy<Name extends SettingName>(to: Mutable<Settings>, from: Settings, name: Name): void {
  to[name] = from[name];
}
