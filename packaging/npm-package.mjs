// Packages what `npm run build` has built as an npm package of the command line alone: `npx lingma-proxy` runs it.
//   node packaging/npm-package.mjs [folder]   otherwise here; prints the path of the .tgz
// It has a package.json of its own: all that the program needs is bundled, and only the library that reads images, which is native,
// is fetched when the package is installed. Where that fails, the rest works, and a request with an image is told why it does not.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { root, runNpm } from '../test/toolchain/node.mjs';

const destination = resolve(process.argv[2] ?? root);
const { name, version, description, keywords, license, engines, bin, dependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const manifest = {
  name,
  version,
  description,
  keywords,
  license,
  engines: { node: engines.node },
  bin,
  files: ['dist'],
  optionalDependencies: { sharp: dependencies.sharp },
};

const folder = mkdtempSync(join(tmpdir(), 'lingma-proxy-npm-'));
try {
  mkdirSync(join(folder, 'dist'));
  for (const file of [...partsOf('cli.js'), 'THIRD_PARTY_NOTICES.txt']) {
    cpSync(join(root, 'dist', file), join(folder, 'dist', file));
  }
  for (const file of ['README.md', 'LICENSE']) cpSync(join(root, file), join(folder, file));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  mkdirSync(destination, { recursive: true });
  const { status, stdout, stderr } = runNpm(['pack', '--ignore-scripts', '--pack-destination', destination], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm could not pack: ${stderr}`);
  console.log(join(destination, stdout.trim().split('\n').at(-1)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The built file and all that it loads, now or later. */
function partsOf(file, found = new Set()) {
  found.add(file);
  for (const [, part] of readFileSync(join(root, 'dist', file), 'utf8').matchAll(
    /require\("\.\/([\w.-]+\.js)"\)/g,
  )) {
    if (!found.has(part)) partsOf(part, found);
  }
  return found;
}
