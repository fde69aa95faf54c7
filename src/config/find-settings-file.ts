import { readFileSync } from 'node:fs';
import * as nativePath from 'node:path';
import { english, type Localizer } from '../core/localizer.ts';
import { describeOrigin, type Origin } from './origin.ts';
import { readSettingsFile, type SettingsFile } from './read-settings-file.ts';

export interface FindOptions {
  /** The file that was asked for, and how; then no other counts. */
  readonly named: { readonly path: string; readonly by: Origin } | undefined;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** Default: English. */
  readonly l10n?: Localizer;
  /** Reads a text file, throwing as node:fs does. */
  readonly readFile?: (path: string) => string;
}

export interface FoundFile extends SettingsFile {
  /** Undefined when there is none. */
  readonly path: string | undefined;
}

/** Files that count without being named, the first one there. */
const usualFiles = ['lingma-proxy.json', 'lingma-ipc-proxy.json'];

/** Reads the configuration file. One that was asked for has to be there; of the usual ones none need be. Never throws. */
export function findSettingsFile(options: FindOptions): FoundFile {
  const { named, cwd, platform, l10n = english } = options;
  const read = options.readFile ?? ((path: string) => readFileSync(path, 'utf8'));
  const { resolve } = platform === 'win32' ? nativePath.win32 : nativePath.posix;
  const nothing = { given: [], warnings: [], path: undefined };
  for (const candidate of named === undefined ? usualFiles : [named.path]) {
    const path = resolve(cwd, candidate);
    let text: string;
    try {
      text = read(path);
    } catch (error) {
      const code = errorCode(error);
      if (named === undefined && code === 'ENOENT') continue;
      const origin = named === undefined ? '' : `${describeOrigin(named.by, l10n)}: `;
      const problem =
        code === 'ENOENT'
          ? l10n.t('{0}the file {1} does not exist. It must be a JSON file.', origin, path)
          : l10n.t('{0}the file {1} cannot be read ({2}). It must be a JSON file.', origin, path, code);
      return { ...nothing, problems: [problem] };
    }
    return { ...readSettingsFile(text, path, l10n), path };
  }
  return { ...nothing, problems: [] };
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
