import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, runNpm } from '../test/toolchain/node.mjs';

/**
 * Installs what the package.json and the lock in `source` name into `folder`, unless that very lock is installed there. Packages run no
 * scripts. Throws when the npm registry does not give them.
 */
export function installLocked(source, folder, options = []) {
  const lock = readFileSync(join(source, 'package-lock.json'), 'utf8');
  const mark = join(folder, 'installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(source, name), join(folder, name));
  }
  const { status } = runNpm(['ci', '--ignore-scripts', ...options], {
    cwd: folder,
    stdio: 'inherit',
    env: environment(),
  });
  if (status !== 0) {
    throw new Error(
      `What ${source} names could not be installed from the npm registry; npm said why above. Try again once it can be reached.`,
    );
  }
  writeFileSync(mark, lock);
}
