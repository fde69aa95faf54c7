import { open, realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageError } from './image-error.ts';

export interface FileLimits {
  /** Bytes. */
  readonly maxBytes: number;
  /** Folders below which files may be read. */
  readonly roots: readonly string[];
}

/**
 * Reads an image named by a `file://` URL or an absolute path. Links are followed first, so that none leads out of the allowed
 * folders. Throws `invalid-request` that says which image and why.
 */
export async function readImageFile(name: string, limits: FileLimits): Promise<Buffer> {
  const path = pathOf(name);
  const real = await realpath(path).catch((error: unknown) => {
    throw imageError(name, 'there is no such file.', error);
  });
  const roots = await Promise.all(limits.roots.map((root) => realpath(root).catch(() => undefined)));
  if (!roots.some((root) => root !== undefined && isBelow(real, root))) {
    throw imageError(name, `only files below ${limits.roots.join(', ')} are read.`);
  }
  const file = await open(real, 'r').catch((error: unknown) => {
    throw imageError(name, 'the file cannot be opened.', error);
  });
  try {
    const status = await file.stat();
    if (!status.isFile()) throw imageError(name, 'it is not a regular file.');
    if (status.size > limits.maxBytes) {
      throw imageError(name, `it is larger than ${Math.floor(limits.maxBytes / 1_000_000)} MB.`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function pathOf(name: string): string {
  if (!name.startsWith('file:')) return name;
  try {
    return fileURLToPath(name);
  } catch (error) {
    throw imageError(name, 'its file URL is not valid on this computer.', error);
  }
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
