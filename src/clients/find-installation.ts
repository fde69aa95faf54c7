import { readFile, realpath, stat } from 'node:fs/promises';
import { tryParseJson } from '../core/json.ts';
import { type Computer, pathsOf, variable } from './computer.ts';
import { valueAt } from './config-data.ts';
import type { FileConnector } from './connector.ts';
import { extensionVersion } from './editors.ts';

/** A client that is on this computer. */
export interface Installation {
  /** Undefined when it cannot be told without running it. */
  readonly version: string | undefined;
}

/** Whether a client is on this computer; undefined when it is not found. Runs nothing. */
export async function findInstallation(
  { traces }: Pick<FileConnector, 'traces'>,
  computer: Computer,
): Promise<Installation | undefined> {
  for (const name of traces.programs ?? []) {
    const program = await findProgram(name, computer);
    if (program !== undefined) return { version: await versionOf(program, computer) };
  }
  const { extension } = traces;
  const version = extension === undefined ? undefined : await extensionVersion(computer, extension);
  return version === undefined ? undefined : { version };
}

/** A program on the path, or in one of the folders that installers use and an editor's environment often lacks. */
async function findProgram(name: string, computer: Computer): Promise<string | undefined> {
  const { join, delimiter } = pathsOf(computer);
  const { home, platform } = computer;
  const onPath = (variable(computer, 'PATH') ?? variable(computer, 'Path') ?? '').split(delimiter);
  const usual =
    platform === 'win32'
      ? [join(variable(computer, 'APPDATA') ?? home, 'npm'), join(home, '.local', 'bin')]
      : [
          ...['.local', '.npm-global', '.bun', '.opencode'].map((folder) => join(home, folder, 'bin')),
          join(home, '.claude', 'local'),
          '/opt/homebrew/bin',
          '/usr/local/bin',
        ];
  const endings =
    platform === 'win32' ? (variable(computer, 'PATHEXT') ?? '.EXE;.CMD').toLowerCase().split(';') : [''];
  for (const folder of [...onPath, ...usual]) {
    if (folder === '') continue;
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if ((await stat(path).catch(() => undefined))?.isFile()) return path;
    }
  }
  return undefined;
}

/** The version in the package that a program belongs to, or in its path. */
async function versionOf(program: string, computer: Computer): Promise<string | undefined> {
  const { dirname, join } = pathsOf(computer);
  const path = await realpath(program).catch(() => program);
  const inPath = /[\\/]v?(\d+\.\d+\.\d+)(?:[\\/]|$)/.exec(path)?.[1];
  let folder = dirname(path);
  for (let steps = 0; steps < 4; steps++) {
    const manifest = tryParseJson(await readFile(join(folder, 'package.json'), 'utf8').catch(() => ''));
    const version = valueAt(manifest, ['version']);
    if (typeof version === 'string') return version;
    folder = dirname(folder);
  }
  return inPath;
}
