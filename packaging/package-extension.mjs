import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cache, environment, root, testNode } from '../test/toolchain/node.mjs';
import { withoutRelativeLinks } from './gallery-page.mjs';
import { installLocked } from './install-locked.mjs';
import { installedPackages, packagesIn, thirdPartyNotices } from './notices.mjs';

const packager = join(cache, 'packaging', 'vsce');
const texts = ['README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore'];
const manifest = ['package.json', 'package.nls.json', 'package.nls.zh-cn.json'];

/** Of the image library's packages: what builds it, what describes it, and npm's own records. */
const needlessAtRunTime =
  /^[.]|[.](md|d[.][cm]?ts|map|gyp|mjs)$|^sharp[/\\](src|install)\b|[/\\]include$|^semver[/\\]bin$/;

/** That of no file in particular, so that the same contents make the same package: the time that npm gives to all files, too. */
const noTimeInParticular = { SOURCE_DATE_EPOCH: '499162500', TZ: 'UTC', LC_ALL: 'C' };

/**
 * Packages what is built in dist as the .vsix `file` for a target of targets.mjs, and returns which packages the image library in it is
 * made of, as `{ name, version, license }`. That library, and no other, is under dist, where the bundles look for it first. With a
 * `repository`, `{ url, ref }`, its pages lead there.
 */
export function packageExtension(target, file, repository) {
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
    if (repository) nameRepository(folder, repository.url);
    else leadNowhere(folder);
    runPackager(target, folder, file, repository);
    return packagesIn(installedPackages(library));
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

/** package.json names no repository, as the project does not know where it is published; who publishes it does. */
function nameRepository(folder, url) {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  Object.assign(manifest, {
    repository: { type: 'git', url: `${url}.git` },
    bugs: { url: `${url}/issues` },
    homepage: `${url}#readme`,
  });
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

function leadNowhere(folder) {
  for (const name of ['README.md', 'CHANGELOG.md']) {
    const file = join(folder, name);
    writeFileSync(file, withoutRelativeLinks(readFileSync(file, 'utf8')));
  }
}

/** The packager has a lock of its own: it needs a newer Node than the product, and its many packages are no part of an ordinary installation. */
function runPackager({ name }, folder, file, repository) {
  installLocked(join(root, 'packaging'), packager);
  const args = [
    'package',
    '--no-dependencies',
    ...(repository
      ? [
          ...['--baseContentUrl', `${repository.url}/blob/${repository.ref}`],
          ...['--baseImagesUrl', `${repository.url}/raw/${repository.ref}`],
        ]
      : ['--allow-missing-repository', '--no-rewrite-relative-links']),
    ...(name === 'universal' ? [] : ['--target', name]),
    ...['--out', file],
  ];
  const executable = join(packager, 'node_modules', '@vscode', 'vsce', 'vsce');
  const { status, stdout, stderr } = spawnSync(testNode(), [executable, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...environment(), ...noTimeInParticular },
  });
  if (status !== 0) throw new Error(`The packager failed:\n${stdout}${stderr}`);
}
