import { english, type Localizer } from '../core/localizer.ts';
import { findSettingsFile } from './find-settings-file.ts';
import { namedSettingsFile } from './named-settings-file.ts';
import type { GivenValue } from './origin.ts';
import { readApiKeys } from './read-api-keys.ts';
import { type Environment, readEnvironment } from './read-environment.ts';
import { type ResolvedSettings, resolveSettings } from './resolve-settings.ts';
import { type SettingName, settingNames } from './settings.ts';
import { SettingsError } from './settings-error.ts';

export interface EditorSettingsOptions {
  /** What a person has set in the editor; undefined, null and '' mean nothing. */
  readonly valueOf: (name: SettingName) => unknown;
  /** From the editor's secret storage; undefined when none is kept there. */
  readonly apiKey: string | undefined;
  /** The folder that is open, when it is trusted. */
  readonly workspaceFolder: string | undefined;
  readonly env: Environment;
  readonly home: string;
  readonly platform?: NodeJS.Platform;
  /** Reads a text file, throwing as node:fs does. */
  readonly readFile?: (path: string) => string;
  /** For what is wrong. Default: English. */
  readonly l10n?: Localizer;
}

export interface EditorSettings extends ResolvedSettings {
  /** The configuration file that was read. */
  readonly configFile: string | undefined;
  readonly warnings: readonly string[];
}

/** The settings with what is wrong with them. */
export interface ExaminedEditorSettings extends EditorSettings {
  /** What makes a start impossible; the default stands in for a value that cannot be used. */
  readonly problems: readonly string[];
}

/** As `examineEditorSettings`. Throws `SettingsError` with every problem found. */
export function loadEditorSettings(options: EditorSettingsOptions): EditorSettings {
  const { problems, ...loaded } = examineEditorSettings(options);
  if (problems.length > 0) throw new SettingsError(problems);
  return loaded;
}

/**
 * The settings of a proxy that runs inside an editor: defaults, then the configuration file, the environment, and what a person has
 * set in the editor, the later winning. The usual files are looked for in the home folder only, as an opened folder must not decide.
 * Never throws.
 */
export function examineEditorSettings(options: EditorSettingsOptions): ExaminedEditorSettings {
  const { env, home, readFile, workspaceFolder, apiKey, l10n = english } = options;
  const platform = options.platform ?? process.platform;
  const named = namedSettingsFile(undefined, env);
  const file = findSettingsFile({ named, cwd: home, platform, l10n, ...(readFile && { readFile }) });
  const given: GivenValue[] = [...file.given, ...readEnvironment(env)];
  if (workspaceFolder !== undefined) {
    given.unshift({ name: 'cwd', value: workspaceFolder, origin: { kind: 'default' } });
  }
  for (const name of settingNames) {
    const value = name === 'apiKey' ? apiKey : options.valueOf(name);
    if (value === undefined || value === null || value === '') continue;
    const where = name === 'apiKey' ? 'secret storage' : `setting lingmaProxy.${name}`;
    given.push({ name, value, origin: { kind: 'editor', name: where } });
  }
  const place = { cwd: home, home, platform };
  const { problems, ...resolved } = resolveSettings(given, place, l10n);
  const { settings, ...keys } = readApiKeys(resolved, { ...place, env, l10n, ...(readFile && { readFile }) });
  return {
    settings,
    origins: resolved.origins,
    configFile: file.path,
    warnings: [...file.warnings, ...keys.warnings],
    problems: [...file.problems, ...problems, ...keys.problems],
  };
}
