// Packages what `npm run build` has built: a .vsix for each target, each looked into, a list of what is in them (SBOM, CycloneDX),
// and the SHA-256 sums of all.
//   node packaging/package.mjs [--target NAME]... [--out FOLDER]   otherwise all targets, into packages/; NAME may be this-computer
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { npm, root } from '../test/toolchain/node.mjs';
import { packageProblems } from './check-package.mjs';
import { packageExtension } from './package-extension.mjs';
import { targetNamed, targetOfThisComputer, targets } from './targets.mjs';

const { values } = parseArgs({
  options: { target: { type: 'string', multiple: true }, out: { type: 'string' } },
});
const version = readFileSync(join(root, 'VERSION'), 'utf8').trim();
const folder = resolve(values.out ?? join(root, 'packages'));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const chosen =
  values.target?.map((name) => (name === 'this-computer' ? targetOfThisComputer() : targetNamed(name))) ??
  targets;
for (const target of chosen) {
  const name = `lingma-proxy-${version}-${target.name}.vsix`;
  packageExtension(target, join(folder, name));
  const vsix = readFileSync(join(folder, name));
  const problems = packageProblems(target, vsix);
  if (problems.length > 0) throw new Error(`${name} is not fit to ship:\n${problems.join('\n')}`);
  console.log(`${name.padEnd(44)} ${(vsix.length / 1_000_000).toFixed(1).padStart(5)} MB`);
}
writeFileSync(join(folder, `lingma-proxy-${version}.cdx.json`), billOfMaterials());
const sums = readdirSync(folder).map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`);
writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

function billOfMaterials() {
  const args = ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only'];
  const { status, stdout, stderr } = spawnSync(npm, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm could not list the packages: ${stderr}`);
  return stdout;
}
