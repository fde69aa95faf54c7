import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cache, environment, root, testNode } from '../test/toolchain/node.mjs';
import { installLocked } from './install-locked.mjs';
import { installedPackages, thirdPartyNotices } from './notices.mjs';

const packager = join(cache, 'packaging', 'vsce');
const texts = ['README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore'];
const manifest = ['package.json', 'package.nls.json', 'package.nls.zh-cn.json'];

/** Of the image library's packages: what builds it, what describes it, and npm's own records. */
const needlessAtRunTime =
  /^[.]|[.](md|d[.][cm]?ts|map|gyp|mjs)$|^sharp[/\\](src|install)\b|[/\\]include$|^semver[/\\]bin$/;

/**
 * Packages what is built in dist as the .vsix `file` for a target of targets.mjs. Its image library, and no other, is in it: under dist,
 * where the bundles look for it first.
 */
export function packageExtension(target, file) {
  if (!existsSync(join(root, 'dist', 'extension.js'))) {
    throw new Error(
      'There is nothing to package yet: run `npm run build` first, or `npm run package`, which does both.',
    );
  }
  const folder = join(cache, 'packaging', `stage-${target.name}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    for (const name of [...manifest, ...texts, 'dist', 'media', 'l10n']) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    const library = imageLibrary(target);
    cpSync(library, join(folder, 'dist', 'node_modules'), {
      recursive: true,
      filter: (path) => !needlessAtRunTime.test(relative(library, path)),
    });
    const notices = join(folder, 'dist', 'THIRD_PARTY_NOTICES.txt');
    appendFileSync(notices, `\n\n${thirdPartyNotices(installedPackages(library))}`);
    runPackager(target, folder, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A node_modules folder with sharp and its code for the target. */
function imageLibrary({ name, os, cpu, libc }) {
  const folder = join(cache, 'packaging', `images-${name}`);
  installLocked(join(root, 'packaging', 'images'), folder, [
    `--os=${os}`,
    `--cpu=${cpu}`,
    ...(libc ? [`--libc=${libc}`] : []),
  ]);
  return join(folder, 'node_modules');
}

/** The packager has a lock of its own: it needs a newer Node than the product, and its many packages are no part of an ordinary installation. */
function runPackager({ name }, folder, file) {
  installLocked(join(root, 'packaging'), packager);
  const args = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    ...(name === 'universal' ? [] : ['--target', name]),
    ...['--out', file],
  ];
  const executable = join(packager, 'node_modules', '@vscode', 'vsce', 'vsce');
  const { status, stdout, stderr } = spawnSync(testNode(), [executable, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: environment(),
  });
  if (status !== 0) throw new Error(`The packager failed:\n${stdout}${stderr}`);
}
