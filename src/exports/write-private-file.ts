import { chmod, writeFile as write } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { ProxyError } from '../core/errors.ts';
import { type Phrase, phrase } from '../core/localizer.ts';

/**
 * Writes a file that only the user can read (on Windows: what the folder allows). Throws a `ProxyError` when it is there already and
 * `overwrite` does not say that it may go, and when it cannot be written.
 */
export async function writePrivateFile(
  path: string,
  content: string | Uint8Array,
  overwrite: boolean,
): Promise<void> {
  try {
    if (overwrite) await writeFileAtomic(path, Buffer.from(content), { mode: 0o600 });
    // `wx` neither replaces a file nor follows a link.
    else await write(path, content, { mode: 0o600, flag: 'wx' });
    // A file mode creation mask can only take rights away, but the file may be an older one.
    await chmod(path, 0o600);
  } catch (error) {
    throw new ProxyError('invalid-request', explain(error, path));
  }
}

function explain(error: unknown, path: string): Phrase {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EEXIST':
      return phrase(
        '{0} is there already and was left alone. Choose another name, or add --overwrite to replace it.',
        path,
      );
    case 'ENOENT':
      return phrase('{0} cannot be written: its folder does not exist. Make the folder first.', path);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return phrase('{0} cannot be written: this user may not. Choose a folder of your own.', path);
    case 'EISDIR':
      return phrase('{0} is a folder. Name a file in it.', path);
    default:
      return phrase('{0} cannot be written ({1}).', path, typeof code === 'string' ? code : String(error));
  }
}
