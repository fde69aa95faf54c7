import { type Computer, pathsOf } from './computer.ts';
import { decodeText, type FileStamp } from './files.ts';

export interface LogFile {
  readonly path: string;
  /** The end of the log. */
  readonly text: string;
}

const mostLogs = 5;
const mostEntries = 400;
const mostBytes = 512 * 1024;

/** The ends of the newest files below `<root>/logs` (two levels), newest first, read as they are asked for. Never throws. */
export async function* newestLogs(computer: Computer, root: string): AsyncGenerator<LogFile> {
  const { join } = pathsOf(computer);
  const found: { readonly path: string; readonly stamp: FileStamp }[] = [];
  await collect(computer, join(root, 'logs'), 2, found);
  found.sort((one, other) => other.stamp.modifiedAt - one.stamp.modifiedAt);
  for (const { path } of found.slice(0, mostLogs)) {
    const content = await computer.files.readTail(path, mostBytes);
    if ('bytes' in content) yield { path, text: decodeText(content.bytes) };
  }
}

async function collect(
  computer: Computer,
  folder: string,
  depth: number,
  found: { readonly path: string; readonly stamp: FileStamp }[],
): Promise<void> {
  const { join } = pathsOf(computer);
  // Log folders are often named by date: the last names are the newest.
  const names = [...(await computer.files.list(folder))].sort().slice(-mostEntries);
  const paths = names.map((name) => join(folder, name));
  const stamps = await Promise.all(paths.map((path) => computer.files.stat(path)));
  for (const [index, path] of paths.entries()) {
    const stamp = stamps[index];
    if (stamp?.kind === 'file') found.push({ path, stamp });
    else if (stamp?.kind === 'directory' && depth > 1) await collect(computer, path, depth - 1, found);
  }
}
