// Packages what `npm run build` has built as a .vsix file.
//   node packaging/package.mjs [file]   otherwise lingma-proxy-<version>.vsix here
// The packager has a lock and a folder of its own (.cache/packaging): it needs a newer Node than the product, and its many
// packages are no part of an ordinary installation.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cache, environment, npm, root, testNode } from '../test/toolchain/node.mjs';

const version = readFileSync(join(root, 'VERSION'), 'utf8').trim();
const file = resolve(process.argv[2] ?? join(root, `lingma-proxy-${version}.vsix`));

if (!existsSync(join(root, 'dist', 'extension.js'))) {
  throw new Error(
    'There is nothing to package yet: run `npm run build` first, or `npm run package`, which does both.',
  );
}
// Without its dependencies: they are bundled. The exception is sharp, which is native and not shipped yet.
const args = [
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  file,
];
const { status } = spawnSync(testNode(), [installPackager(), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: environment(),
});
process.exitCode = status ?? 1;

/** The packager's executable, installed first where need be. */
function installPackager() {
  const folder = join(cache, 'packaging');
  const executable = join(folder, 'node_modules', '@vscode', 'vsce', 'vsce');
  const lock = readFileSync(join(root, 'packaging', 'package-lock.json'), 'utf8');
  const mark = join(folder, 'installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return executable;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(root, 'packaging', name), join(folder, name));
  }
  const installed = spawnSync(npm, ['ci', '--ignore-scripts'], {
    cwd: folder,
    stdio: 'inherit',
    env: environment(),
  });
  if (installed.status !== 0)
    throw new Error('The packager could not be installed from the npm registry; see above.');
  writeFileSync(mark, lock);
  return executable;
}
