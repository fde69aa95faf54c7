import { isRecord } from '../core/json.ts';
import { english, type Localizer } from '../core/localizer.ts';
import { nearestName } from './nearest-name.ts';
import type { GivenValue } from './origin.ts';
import { type SettingName, settingNames, settingTable } from './settings.ts';

/** What a configuration file says. */
export interface SettingsFile {
  readonly given: readonly GivenValue[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const settingOfKey = new Map<string, SettingName>(
  settingNames.map((name) => [settingTable[name].jsonKey, name]),
);

/**
 * Reads the text of a JSON configuration file. `null` and '' leave a setting alone, as in the example that lists all keys. A key
 * that is not known is a warning, so that one file serves several versions. Never throws.
 */
export function readSettingsFile(text: string, file: string, l10n: Localizer = english): SettingsFile {
  const nothing = { given: [], warnings: [] };
  const json = parseJson(text, file, l10n);
  if ('problem' in json) return { ...nothing, problems: [json.problem] };
  if (!isRecord(json.value)) {
    return { ...nothing, problems: [l10n.t('file {0} must hold one JSON object: {…}.', file)] };
  }

  const given: GivenValue[] = [];
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(json.value)) {
    const name = settingOfKey.get(key);
    if (name === undefined) warnings.push(unknownKey(key, file, l10n));
    else if (value !== null && value !== '') given.push({ name, value, origin: { kind: 'file', file, key } });
  }
  return { given, problems: [], warnings };
}

/** The parser's own message would quote the file, which may hold a key: only the position is taken from it. */
function parseJson(
  text: string,
  file: string,
  l10n: Localizer,
): { readonly value: unknown } | { readonly problem: string } {
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return { value: JSON.parse(withoutMark) };
  } catch (error) {
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    if (position === undefined) return { problem: l10n.t('file {0} is not valid JSON.', file) };
    const before = withoutMark.slice(0, Number(position)).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return {
      problem: l10n.t('file {0} is not valid JSON at line {1}, column {2}.', file, before.length, column),
    };
  }
}

function unknownKey(key: string, file: string, l10n: Localizer): string {
  const nearest = nearestName(key, [...settingOfKey.keys()]);
  const typed = key.slice(0, 64);
  return nearest === undefined
    ? l10n.t('file {0}: the key "{1}" is not known and has no effect.', file, typed)
    : l10n.t(
        'file {0}: the key "{1}" is not known and has no effect. Did you mean "{2}"?',
        file,
        typed,
        nearest,
      );
}
