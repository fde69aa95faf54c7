import { readFileSync } from 'node:fs';
import { english, type Localizer } from '../core/localizer.ts';
import type { ApiKey } from './api-keys.ts';
import { isLoopbackHost } from './loopback-host.ts';
import { describeOrigin, type Origin } from './origin.ts';
import { type Environment, isSet } from './read-environment.ts';
import { locate, type Place, type ResolvedSettings } from './resolve-settings.ts';
import type { Settings } from './settings.ts';

/** The name of the key that the settings `api_key` and `api_key_file` give. */
export const ownKeyName = 'default';

/** A shorter one may be guessed by who can try often. */
const shortestOnNetwork = 16;

interface KeyPlace extends Place {
  readonly env: Environment;
  /** Reads a text file, throwing as node:fs does. */
  readonly readFile?: (path: string) => string;
  /** Default: English. */
  readonly l10n?: Localizer;
}

type Read = { readonly key: string } | { readonly problem: string };

/**
 * The settings with the text of every key, read from the file or the environment variable that it was left in. No message holds a
 * key. Never throws.
 */
export function readApiKeys(
  { settings, origins }: ResolvedSettings,
  place: KeyPlace,
): {
  readonly settings: Settings;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
} {
  const { l10n = english } = place;
  const problems: string[] = [];
  const warnings: string[] = [];
  const take = (read: Read): string => {
    if ('key' in read) return read.key;
    problems.push(read.problem);
    return '';
  };

  let { apiKey } = settings;
  if (settings.apiKeyFile !== '') {
    if (apiKey !== '')
      warnings.push(l10n.t('Both api_key and api_key_file are set: api_key counts, the file is not read.'));
    else apiKey = take(readFile(settings.apiKeyFile, describeOrigin(origins.apiKeyFile, l10n), place));
  }
  const where = describeOrigin(origins.apiKeys, l10n);
  const apiKeys = settings.apiKeys.map((each) => ({
    ...each,
    key: take(readKey(each, where, origins.apiKeys, place)),
  }));
  const read = { ...settings, apiKey, apiKeys };
  problems.push(...ambiguities(read, where, l10n));
  if (!isLoopbackHost(settings.host)) warnings.push(...weakKeys(read, l10n));
  return { settings: read, problems, warnings };
}

function readKey(each: ApiKey, where: string, origin: Origin, place: KeyPlace): Read {
  const of = `${where}: ${each.name}`;
  if (each.keyFile !== '') return readFile(locate(each.keyFile, origin, place), of, place);
  if (each.keyVariable === '') return { key: each.key };
  const key = place.env[each.keyVariable];
  if (isSet(key)) return { key: key.trim() };
  const { l10n = english } = place;
  return {
    problem: l10n.t(
      '{0}: the environment variable {1} is not set. It must hold the key.',
      of,
      each.keyVariable,
    ),
  };
}

function readFile(path: string, of: string, place: KeyPlace): Read {
  const { l10n = english } = place;
  const read = place.readFile ?? ((file: string) => readFileSync(file, 'utf8'));
  try {
    const key = read(path).trim();
    if (key !== '' && !/\s/.test(key)) return { key };
    return {
      problem: l10n.t('{0}: the file {1} must hold the key and nothing else, in one line.', of, path),
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    if (code === 'ENOENT') {
      return { problem: l10n.t('{0}: the file {1} does not exist. It must hold the key.', of, path) };
    }
    return {
      problem: l10n.t('{0}: the file {1} cannot be read ({2}). It must hold the key.', of, path, code),
    };
  }
}

/** Two names for one key, or two keys of one name, would make records and limits lie. */
function ambiguities({ apiKey, apiKeys }: Settings, where: string, l10n: Localizer): string[] {
  const all = apiKey === '' ? apiKeys : [{ name: ownKeyName, key: apiKey }, ...apiKeys];
  return all.flatMap(({ name, key }, index) => {
    const before = all.slice(0, index);
    if (before.some((other) => other.name === name)) {
      return [l10n.t('{0}: the name {1} stands for the key of api_key. Choose another one.', where, name)];
    }
    const twin = key === '' ? undefined : before.find((other) => other.key === key);
    return twin === undefined
      ? []
      : [l10n.t('{0}: {1} has the same key as {2}. Give each its own.', where, name, twin.name)];
  });
}

function weakKeys({ apiKey, apiKeys }: Settings, l10n: Localizer): string[] {
  const all = apiKey === '' ? apiKeys : [{ name: ownKeyName, key: apiKey }, ...apiKeys];
  return all
    .filter(({ key }) => key !== '' && key.length < shortestOnNetwork)
    .map(({ name }) =>
      l10n.t(
        'The API key "{0}" is shorter than {1} characters, and other computers can try to guess it. Make a better one, for example with: openssl rand -hex 32',
        name,
        shortestOnNetwork,
      ),
    );
}
