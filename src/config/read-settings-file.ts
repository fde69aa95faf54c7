import * as z from 'zod';
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
const anObject = z.record(z.string(), z.unknown());

/**
 * Reads the text of a JSON configuration file. `null` and '' leave a setting alone, as in the example that lists all keys. A key
 * that is not known is a warning, so that one file serves several versions. Never throws.
 */
export function readSettingsFile(text: string, file: string): SettingsFile {
  const nothing = { given: [], warnings: [] };
  const json = parseJson(text);
  if ('problem' in json) return { ...nothing, problems: [`file ${file} ${json.problem}`] };
  const parsed = anObject.safeParse(json.value);
  if (!parsed.success) return { ...nothing, problems: [`file ${file} must hold one JSON object: {…}.`] };

  const given: GivenValue[] = [];
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(parsed.data)) {
    const name = settingOfKey.get(key);
    if (name === undefined) warnings.push(unknownKey(key, file));
    else if (value !== null && value !== '') given.push({ name, value, origin: { kind: 'file', file, key } });
  }
  return { given, problems: [], warnings };
}

/** The parser's own message would quote the file, which may hold a key: only the position is taken from it. */
function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return { value: JSON.parse(withoutMark) };
  } catch (error) {
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    if (position === undefined) return { problem: 'is not valid JSON.' };
    const before = withoutMark.slice(0, Number(position)).split('\n');
    return {
      problem: `is not valid JSON at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`,
    };
  }
}

function unknownKey(key: string, file: string): string {
  const nearest = nearestName(key, [...settingOfKey.keys()]);
  const advice = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return `file ${file}: the key "${key.slice(0, 64)}" is not known and has no effect.${advice}`;
}
