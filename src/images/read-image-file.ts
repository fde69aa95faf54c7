import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import nativePath from 'node:path';
import { fileURLToPath } from 'node:url';
import { phrase } from '../core/localizer.ts';
import { imageError } from './image-error.ts';

export interface FileLimits {
  /** Bytes. */
  readonly maxBytes: number;
  /** Folders below which files may be read. */
  readonly roots: readonly string[];
}

/** A pipe must not wait for its writer, nor a terminal become ours. Windows has no such flags, and no such files. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Reads an image named by a `file://` URL or an absolute path. Links are followed first, so that none leads out of the allowed
 * folders. Throws `invalid-request` that says which image and why.
 */
export async function readImageFile(name: string, limits: FileLimits): Promise<Buffer> {
  const path = localPath(name, process.platform);
  const roots = await rootsOf(limits.roots);
  const outside = () => imageError(name, phrase('only files below {0} are read.', limits.roots.join(', ')));
  // By its name, before the disk is touched: what lies elsewhere is nobody's to find out.
  if (!roots.some(({ named, real }) => isBelow(path, named) || isBelow(path, real))) throw outside();
  const real = await realPath(path, name);
  if (!roots.some((root) => isBelow(real, root.real))) throw outside();
  const file = await open(real, flags).catch((error: unknown) => {
    throw imageError(name, phrase('the file cannot be opened.'), error);
  });
  try {
    // A folder on the way may have become a link between the two.
    const opened = await openedPath(file, real);
    if (opened === undefined || !roots.some((root) => isBelow(opened, root.real))) throw outside();
    if (!(await file.stat()).isFile()) throw imageError(name, phrase('it is not a regular file.'));
    return await readBounded(file, name, limits.maxBytes);
  } finally {
    await file.close();
  }
}

/**
 * The absolute path that a name stands for. On Windows only one with a drive letter: to open a share, even to look whether it is
 * there, signs the user in at whatever computer it names. Throws `invalid-request`.
 */
export function localPath(name: string, platform: NodeJS.Platform): string {
  const windows = platform === 'win32';
  const path = /^file:/i.test(name) ? pathOfUrl(name, windows) : name;
  const { isAbsolute, normalize } = windows ? nativePath.win32 : nativePath.posix;
  const isLocal = windows ? /^[a-z]:[\\/]/i.test(path) : isAbsolute(path);
  if (!isLocal || path.includes('\0')) {
    throw imageError(
      name,
      phrase('a file is named by its absolute path on this computer, or by a file:// URL of one.'),
    );
  }
  return normalize(path);
}

function pathOfUrl(name: string, windows: boolean): string {
  try {
    return fileURLToPath(name, { windows });
  } catch (error) {
    throw imageError(name, phrase('its file URL is not valid on this computer.'), error);
  }
}

interface Root {
  readonly named: string;
  readonly real: string;
}

/** Those that there are; a root that is not absolute is none. */
async function rootsOf(roots: readonly string[]): Promise<Root[]> {
  const found = await Promise.all(
    roots.map(async (root) => {
      if (!nativePath.isAbsolute(root)) return undefined;
      const real = await realpath(root).catch(() => undefined);
      return real === undefined ? undefined : { named: nativePath.normalize(root), real };
    }),
  );
  return found.filter((root) => root !== undefined);
}

function realPath(path: string, name: string): Promise<string> {
  return realpath(path).catch((error: unknown) => {
    throw imageError(name, phrase('there is no such file.'), error);
  });
}

/**
 * Where an open file lies. Linux knows it for certain; elsewhere it is `path`, if that still leads to the same file. Undefined: it
 * does not.
 */
async function openedPath(file: FileHandle, path: string): Promise<string | undefined> {
  const known = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  if (known !== undefined) return known;
  const [opened, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return there?.ino === opened.ino && there.dev === opened.dev ? path : undefined;
}

/** What a file says of its size need not be true, and may not be any more. */
async function readBounded(file: FileHandle, name: string, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of file.createReadStream({ autoClose: false, end: maxBytes })) {
    pieces.push(piece);
    size += piece.length;
  }
  if (size > maxBytes)
    throw imageError(name, phrase('it is larger than {0} MB.', Math.floor(maxBytes / 1_000_000)));
  return Buffer.concat(pieces, size);
}

function isBelow(path: string, root: string): boolean {
  const way = nativePath.relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${nativePath.sep}`) && !nativePath.isAbsolute(way);
}
