import { homedir } from 'node:os';
import { english, type Localizer } from '../core/localizer.ts';
import { findSettingsFile } from './find-settings-file.ts';
import { namedSettingsFile } from './named-settings-file.ts';
import { readApiKeys } from './read-api-keys.ts';
import { type Environment, readEnvironment } from './read-environment.ts';
import { readFlags, type WantedExports } from './read-flags.ts';
import { type ResolvedSettings, resolveSettings } from './resolve-settings.ts';
import { SettingsError } from './settings-error.ts';

export interface LoadOptions {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** Default: the user's. */
  readonly home?: string;
  readonly platform?: NodeJS.Platform;
  /** Reads a text file, throwing as node:fs does. */
  readonly readFile?: (path: string) => string;
  /** For what is wrong. Default: English. */
  readonly l10n?: Localizer;
}

/** The settings, each with its origin, and what else the command line asked for. */
export interface LoadedSettings extends ResolvedSettings {
  readonly help: boolean;
  readonly version: boolean;
  readonly demo: boolean;
  readonly exports: WantedExports;
  /** The configuration file that was read. */
  readonly configFile: string | undefined;
  /** What is odd but does no harm. */
  readonly warnings: readonly string[];
}

/** The settings with what is wrong with them. */
export interface ExaminedSettings extends LoadedSettings {
  /** What makes a start impossible, each in a sentence or two; the default stands in for a value that cannot be used. */
  readonly problems: readonly string[];
}

/** As `examineSettings`; throws `SettingsError` with every problem found. */
export function loadSettings(options: LoadOptions): LoadedSettings {
  const { problems, ...loaded } = examineSettings(options);
  if (problems.length > 0) throw new SettingsError(problems);
  return loaded;
}

/**
 * Loads the settings: defaults, then the configuration file, then the environment, then flags, the later winning. With `--help`
 * or `--version` nothing else is read and nothing can be wrong. Never throws.
 */
export function examineSettings(options: LoadOptions): ExaminedSettings {
  const { argv, env, cwd, readFile, l10n = english } = options;
  const platform = options.platform ?? process.platform;
  const place = { cwd, home: options.home ?? homedir(), platform };
  const { help, version, demo, exports, ...flags } = readFlags(argv, l10n);
  if (help || version) {
    const { settings, origins } = resolveSettings([], place);
    return {
      settings,
      origins,
      help,
      version,
      demo,
      exports,
      configFile: undefined,
      warnings: [],
      problems: [],
    };
  }
  const named = namedSettingsFile(flags.config, env);
  const file = findSettingsFile({ named, cwd, platform, l10n, ...(readFile && { readFile }) });
  const given = [...file.given, ...readEnvironment(env), ...flags.given];
  const { problems, ...resolved } = resolveSettings(given, place, l10n);
  const { settings, ...keys } = readApiKeys(resolved, { ...place, env, l10n, ...(readFile && { readFile }) });
  return {
    settings,
    origins: resolved.origins,
    help,
    version,
    demo,
    exports,
    configFile: file.path,
    warnings: [...file.warnings, ...keys.warnings],
    problems: [...flags.problems, ...file.problems, ...problems, ...keys.problems],
  };
}
