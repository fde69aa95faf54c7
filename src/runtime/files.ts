import type { Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { type Phrase, phrase } from '../core/localizer.ts';

/** What tells one state of a file from another. */
export interface FileStamp {
  readonly kind: 'file' | 'directory' | 'socket' | 'other';
  readonly size: number;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
  readonly inode: number;
}

/** Why a file, or what it names, is of no use: the problem's kind, for who cannot use the words. */
export type FileFault =
  | 'missing'
  /** Not a file, or not for this user to read. */
  | 'unreadable'
  | 'empty'
  /** Not of the form that it should have, perhaps because it is being written. */
  | 'broken'
  /** Of the right form, without all that it should hold. */
  | 'incomplete';

/** The bytes of a file, or why there are none: the end of a sentence that begins with the path. */
type FileContent =
  | { readonly bytes: Buffer; readonly stamp: FileStamp }
  | { readonly problem: Phrase; readonly isMissing: boolean };

/** Reading files, never writing. Nothing here throws. */
export interface Files {
  /** Undefined when it is not there or may not be seen. */
  stat(path: string): Promise<FileStamp | undefined>;
  /** The last `limit` bytes of a regular file. */
  readTail(path: string, limit: number): Promise<FileContent>;
  /** The names in a folder; none when it is not there. */
  list(path: string): Promise<readonly string[]>;
}

/** The files of this computer. */
export const diskFiles: Files = {
  async stat(path) {
    try {
      return stampOf(await stat(path));
    } catch {
      return undefined;
    }
  },

  async readTail(path, limit) {
    try {
      // Opening a named pipe would wait for its writer: ask first what it is.
      if (!(await stat(path)).isFile()) return { problem: phrase('is not a file'), isMissing: false };
      const file = await open(path, 'r');
      try {
        const stamp = stampOf(await file.stat());
        const length = Math.min(stamp.size, limit);
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, stamp.size - length);
        return { bytes: buffer.subarray(0, bytesRead), stamp };
      } finally {
        await file.close();
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
      const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
      return {
        problem: isMissing ? phrase('does not exist') : phrase('cannot be read ({0})', code),
        isMissing,
      };
    }
  },

  async list(path) {
    try {
      return await readdir(path);
    } catch {
      return [];
    }
  },
};

/** Whether a file is as it was: undefined stands for one that is not there. */
export function isSameStamp(one: FileStamp | undefined, other: FileStamp | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.modifiedAt === other.modifiedAt &&
    one.size === other.size &&
    one.inode === other.inode &&
    one.kind === other.kind
  );
}

/** A file's text, without a byte order mark. */
export function decodeText(bytes: Buffer): string {
  return new TextDecoder().decode(bytes);
}

function stampOf(stats: Stats): FileStamp {
  return { kind: kindOf(stats), size: stats.size, modifiedAt: stats.mtimeMs, inode: stats.ino };
}

function kindOf(stats: Stats): FileStamp['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSocket() ? 'socket' : 'other';
}
