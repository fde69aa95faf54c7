import * as nativePath from 'node:path';
import { english, type Localizer } from '../core/localizer.ts';
import { isLoopbackHost } from './loopback-host.ts';
import { describeOrigin, type GivenValue, type Origin } from './origin.ts';
import { redactUrl } from './redact-url.ts';
import { type SettingName, type Settings, settingNames, settingTable } from './settings.ts';

/** Where paths begin. */
export interface Place {
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

export interface ResolvedSettings {
  readonly settings: Settings;
  readonly origins: Readonly<Record<SettingName, Origin>>;
}

/**
 * Settings from given values, a later one winning over an earlier one of the same name. Only the winner is validated; a value
 * that is not allowed is named in `problems` and the default stands in for it. Never throws.
 */
export function resolveSettings(
  given: readonly GivenValue[],
  place: Place,
  l10n: Localizer = english,
): ResolvedSettings & { readonly problems: readonly string[] } {
  const winners = new Map(given.map((value) => [value.name, value]));
  const problems: string[] = [];
  const settings = forEachSetting((name) => settingTable[name].default) as Mutable<Settings>;
  const origins = forEachSetting((name): Origin => winners.get(name)?.origin ?? { kind: 'default' });
  for (const value of winners.values()) assign(settings, value.name, value, place, problems, l10n);

  settings.cwd ||= place.cwd;
  settings.shellType ||= place.platform === 'win32' ? 'powershell' : 'zsh';
  const { apiKey, apiKeyFile, apiKeys, host } = settings;
  if (apiKey === '' && apiKeyFile === '' && apiKeys.length === 0 && !isLoopbackHost(host)) {
    problems.push(
      l10n.t(
        '{0}: {1} would let other computers use your login. Set an API key (--api-key-file, LINGMA_PROXY_API_KEY or api_key in the file), or listen on 127.0.0.1.',
        describeOrigin(origins.host, l10n),
        show(host),
      ),
    );
  }
  return { settings, origins, problems };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function forEachSetting<T>(value: (name: SettingName) => T): Record<SettingName, T> {
  return Object.fromEntries(settingNames.map((name) => [name, value(name)])) as Record<SettingName, T>;
}

function assign<Name extends SettingName>(
  settings: Mutable<Settings>,
  name: Name,
  given: GivenValue,
  place: Place,
  problems: string[],
  l10n: Localizer,
): void {
  const { type, secret } = settingTable[name];
  const isText = given.origin.kind === 'flag' || given.origin.kind === 'environment';
  const value = isText && typeof given.value === 'string' ? type.fromText(given.value) : given.value;
  const located =
    type.isPath === true && typeof value === 'string' ? locate(value, given.origin, place) : value;
  const read = type.read(located);
  if (read !== undefined) {
    settings[name] = read;
    return;
  }
  const shown = secret === true ? l10n.t('the value') : show(given.value);
  problems.push(
    l10n.t(
      '{0}: {1} is not allowed. It must be {2}.',
      describeOrigin(given.origin, l10n),
      shown,
      type.allowed(l10n),
    ),
  );
}

/** A relative path in a file belongs to the file's folder, elsewhere to the working directory; `~` is the home folder. */
export function locate(path: string, origin: Origin, place: Place): string {
  if (path === '') return '';
  const { dirname, join, resolve } = place.platform === 'win32' ? nativePath.win32 : nativePath.posix;
  if (path === '~' || /^~[/\\]/.test(path)) return join(place.home, path.slice(1));
  return resolve(origin.kind === 'file' ? dirname(origin.file) : place.cwd, path);
}

function show(value: unknown): string {
  const json = JSON.stringify(typeof value === 'string' ? redactUrl(value) : value) ?? String(value);
  return json.length <= 80 ? json : `${json.slice(0, 80)}…`;
}
