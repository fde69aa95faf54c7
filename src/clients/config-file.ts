import { constants } from 'node:fs';
import { access, lstat, mkdir, readFile, realpath, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { phrase } from '../core/localizer.ts';
import { ConnectError } from './connect-error.ts';

/** More than any client's configuration comes to. */
const sizeLimit = 8_000_000;

/** The text of a file, byte-order mark and all; null when it is not there. Throws `ConnectError`. */
export async function readConfigFile(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > sizeLimit)
      throw new ConnectError('unreadable', phrase('{0} is too large for a configuration file.', path), path);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof ConnectError) throw error;
    if (error instanceof TypeError) {
      throw new ConnectError(
        'unreadable',
        phrase('{0} is not UTF-8 text. Save it as UTF-8 and try again.', path),
        path,
      );
    }
    const code = codeOf(error);
    if (code === 'ENOENT' && !(await isLink(path))) return null;
    const problem =
      code === 'ENOENT'
        ? phrase('{0} is a link to a file that is not there. Correct that and try again.', path)
        : phrase('{0} cannot be read ({1}). Correct that and try again.', path, code);
    throw new ConnectError('unreadable', problem, path);
  }
}

/**
 * Writes a file in one step: whoever reads it meanwhile sees the old text or the new one. A link stays one, an existing file
 * keeps its mode; a new one, and folders on the way to it, are the user's only. Throws `ConnectError`.
 */
export async function writeConfigFile(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const target = await realpath(path).catch(() => path);
    const isNew = (await stat(target).catch(() => undefined)) === undefined;
    // Replacing a file asks for no more than a writable folder: one that its user made read-only would be overwritten.
    if (!isNew) await access(target, constants.W_OK);
    await writeFileAtomic(target, text, isNew ? { mode: 0o600 } : {});
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** The folders that have to be made for a file, the innermost first. */
export async function missingFolders(path: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const isThere = await stat(folder).then(
      () => true,
      () => false,
    );
    if (isThere) break;
    missing.push(folder);
  }
  return missing;
}

/** Takes a file away. Throws `ConnectError`. */
export async function removeConfigFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw cannotWrite(path, error);
  }
}

/** Takes away those of some folders in which nothing is. */
export async function removeEmptyFolders(folders: Iterable<string>): Promise<void> {
  for (const folder of [...folders].sort((one, other) => other.length - one.length)) {
    await rmdir(folder).catch(() => undefined);
  }
}

async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isSymbolicLink() ?? false;
}

function cannotWrite(path: string, error: unknown): ConnectError {
  return new ConnectError(
    'unwritable',
    phrase(
      '{0} cannot be written ({1}). Nothing was changed: see to it that you may write it, and try again.',
      path,
      codeOf(error),
    ),
    path,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
