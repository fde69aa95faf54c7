import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What the names of all folders with images begin with, so that those of a process that was killed can be told later. */
export const imageFolderPrefix = 'lingma-proxy-images-';

/** Milliseconds after which no turn uses its images any more, whichever process it ran in. */
const abandonedAfterMs = 24 * 60 * 60 * 1_000;

/**
 * Removes the image folders in `parent` that are this user's and older than a day: of processes that could not do it themselves. Age
 * tells it, not a process number, which means something else in another container with the same folder. Never throws.
 */
export async function removeAbandonedImages(parent: string, now = Date.now()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(imageFolderPrefix)) continue;
    const path = join(parent, name);
    const found = await lstat(path).catch(() => undefined);
    if (!found?.isDirectory() || now - found.mtimeMs < abandonedAfterMs) continue;
    if (process.getuid && found.uid !== process.getuid()) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
