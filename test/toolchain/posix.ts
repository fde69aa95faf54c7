import assert from 'node:assert/strict';
import { statSync } from 'node:fs';

/** The `skip` of a test that Windows cannot pass: it has neither modes of files, nor signals that a process can catch, nor sockets in folders. */
export const unlessPosix: string | false =
  process.platform === 'win32' ? 'Windows has no modes, signals to catch or sockets in folders' : false;

/** Fails when others than its owner can read a file or folder. On Windows its place in the home folder sees to that, not its mode. */
export function assertPrivate(path: string): void {
  const { mode } = statSync(path);
  if (process.platform !== 'win32')
    assert.equal(mode & 0o077, 0, `${path} has mode ${(mode & 0o777).toString(8)}`);
}
