import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Computer } from '../../runtime/computer.ts';

/** Whether every user of this computer may read a file: it, and each folder on the way, lets others in. On Windows it cannot be told. */
export async function isReadableByOthers({ platform }: Computer, path: string): Promise<boolean> {
  if (platform === 'win32') return false;
  const mayOthers = async (each: string, right: number) =>
    stat(each).then(
      ({ mode }) => (mode & right) !== 0,
      () => false,
    );
  if (!(await mayOthers(path, 0o004))) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!(await mayOthers(folder, 0o001))) return false;
    if (folder === dirname(folder)) return true;
  }
}
