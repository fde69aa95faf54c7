import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** The target of this computer, or the package for hosts that no other one fits. */
export type PackageTarget = 'this-computer' | 'universal';

/** The path of the `.vsix` file of what is built now, packaged first unless it is newer than all that it holds. */
export function packagedExtension(target: PackageTarget = 'this-computer'): string {
  const folder = join('.cache', `package-${target}`);
  const inputs = [
    ...['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore'],
    ...['dist', 'media', 'l10n', 'packaging'].flatMap((name) => filesIn(name)),
    ...['package.nls.json', 'package.nls.zh-cn.json'],
  ];
  const changed = Math.max(...inputs.map((input) => statSync(join(root, input)).mtimeMs));
  const packaged = vsixIn(folder);
  if (packaged !== undefined && statSync(packaged).mtimeMs > changed) return packaged;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'packaging', 'package.mjs'), '--target', target, '--out', join(root, folder)],
    { encoding: 'utf8' },
  );
  const made = vsixIn(folder);
  if (status !== 0 || made === undefined)
    throw new Error(`The extension cannot be packaged: ${stdout}${stderr}`);
  return made;
}

function vsixIn(folder: string): string | undefined {
  const name = filesIn(folder).find((file) => file.endsWith('.vsix'));
  return name === undefined ? undefined : join(root, name);
}

function filesIn(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}
