// Packages what `npm run build` has built: a .vsix for each target, each unpacked and looked into, and with all targets the npm package of
// the command line; a list of what is in them (CONTENTS.md), a bill of materials (CycloneDX), and the SHA-256 sums of all.
//   node packaging/package.mjs [--target NAME]... [--out FOLDER] [--repository URL [--ref TAG]]
// Without --target all targets; NAME may be this-computer. Without --out, into packages/. --repository is where the project is published,
// such as https://git.example/owner/name: pages in the galleries then have its pictures and links, as of TAG or of the version's own.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { unzipSync } from 'fflate';
import { root } from '../test/toolchain/node.mjs';
import { billOfMaterials } from './bill-of-materials.mjs';
import { packageProblems } from './check-package.mjs';
import { contentsPage } from './contents-page.mjs';
import { packageExtension } from './package-extension.mjs';
import { targetNamed, targetOfThisComputer, targets } from './targets.mjs';

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    out: { type: 'string' },
    repository: { type: 'string' },
    ref: { type: 'string' },
  },
});
const version = readFileSync(join(root, 'VERSION'), 'utf8').trim();
const folder = resolve(values.out ?? join(root, 'packages'));
const repository = values.repository && { url: values.repository, ref: values.ref ?? `v${version}` };
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const chosen =
  values.target?.map((name) => (name === 'this-computer' ? targetOfThisComputer() : targetNamed(name))) ??
  targets;
const packages = [];
const libraries = {};
for (const target of chosen) {
  const name = `lingma-proxy-${version}-${target.name}.vsix`;
  libraries[target.name] = packageExtension(target, join(folder, name), repository);
  const vsix = readFileSync(join(folder, name));
  const files = unzipSync(vsix);
  const problems = packageProblems(target, files, vsix.length);
  if (problems.length > 0) throw new Error(`${name} is not fit to ship:\n${problems.join('\n')}`);
  packages.push({
    name,
    size: vsix.length,
    files: Object.fromEntries(Object.entries(files).map(([file, { length }]) => [file, length])),
  });
  tell(name);
}
const others = values.target ? [] : [commandLinePackage()];
for (const name of others) tell(name);

const bundled = JSON.parse(readFileSync(join(root, 'dist', 'bundled-packages.json'), 'utf8'));
write(
  `lingma-proxy-${version}.cdx.json`,
  `${JSON.stringify(billOfMaterials(version, bundled, libraries), undefined, 2)}\n`,
);
write(
  'CONTENTS.md',
  contentsPage(
    version,
    packages,
    others.map((name) => ({ name, size: sizeOf(name) })),
  ),
);
const sums = readdirSync(folder).map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`);
write('SHA256SUMS', sums.join(''));

/** Makes the npm package and returns its file name. */
function commandLinePackage() {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'packaging', 'npm-package.mjs'), folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The npm package cannot be made: ${stderr}`);
  return basename(stdout.trim());
}

function write(name, text) {
  writeFileSync(join(folder, name), text);
}

function tell(name) {
  console.log(`${name.padEnd(44)} ${(sizeOf(name) / 1_000_000).toFixed(1).padStart(5)} MB`);
}

function sizeOf(name) {
  return statSync(join(folder, name)).size;
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
