import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const file = join(root, '.cache', 'lingma-proxy.vsix');

/** The path of the `.vsix` file of what is built now, packaged first unless it is newer than all that it holds. */
export function packagedExtension(): string {
  const inputs = [
    ...['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore', 'packaging/package.mjs'],
    ...filesIn('dist'),
    ...filesIn('media'),
    ...filesIn('l10n'),
    ...['package.nls.json', 'package.nls.zh-cn.json'],
  ];
  const changed = Math.max(...inputs.map((input) => statSync(join(root, input)).mtimeMs));
  if (existsSync(file) && statSync(file).mtimeMs > changed) return file;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'packaging', 'package.mjs'), file],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The extension cannot be packaged: ${stdout}${stderr}`);
  return file;
}

function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  );
}
