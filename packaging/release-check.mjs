// Says whether the project in the current folder can be released as the version in its VERSION file, step by step; with exit code 1 when
// it cannot.
//   npm run release:check -- [--tag vX.Y.Z[-suffix]] [--repository URL] [--skip-tests]
// --tag is the tag that is released: one with a suffix packages what is not yet released. --repository is where the project is published,
// for the packages' pages. --skip-tests leaves out what takes minutes.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runNpm } from '../test/toolchain/node.mjs';
import { changelogEntry, changelogProblems } from './changelog.mjs';
import { versionPlaces } from './version-places.mjs';

const { values } = parseArgs({
  options: { tag: { type: 'string' }, repository: { type: 'string' }, 'skip-tests': { type: 'boolean' } },
});
const folder = process.cwd();
const version = readFileSync('VERSION', 'utf8').trim();
const tag =
  values.tag === undefined ? undefined : /^v(?<version>\d+\.\d+\.\d+)(?<suffix>-[\w.-]+)?$/.exec(values.tag);

/** Each looks at one thing, and returns what is wrong with it and what to do. */
const looks = {
  version() {
    const places = versionPlaces(folder);
    if (!/^\d+\.\d+\.\d+$/.test(version))
      return [`VERSION holds "${version}": write one version such as 1.2.3 into it.`];
    const others = places.filter((place) => place.version !== version);
    return others.map(
      (place) =>
        `${place.file}:${place.line} says ${place.version}, and VERSION ${version}: \`npm run release:prepare X.Y.Z\` sets all.`,
    );
  },
  tag() {
    if (values.tag === undefined || tag?.groups?.version === version) return [];
    return [
      `The tag ${values.tag} is not v${version} or v${version}-suffix: tag the commit that VERSION has been changed in.`,
    ];
  },
  changelog() {
    const text = readFileSync('CHANGELOG.md', 'utf8');
    const problems = changelogProblems(text).map((problem) => `CHANGELOG.md: ${problem}.`);
    const released = changelogEntry(text, version);
    const unreleased = changelogEntry(text, 'Unreleased')?.body;
    if (released || (tag?.groups?.suffix && unreleased)) return problems;
    return [
      ...problems,
      `CHANGELOG.md has no entry "## [${version}] - <date>": \`npm run release:prepare ${version}\` makes it of what is under Unreleased.`,
    ];
  },
  tree() {
    const { status, stdout, stderr } = spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' });
    if (status !== 0) return [`git cannot tell what has changed: ${stderr.trim()}`];
    return stdout === '' ? [] : [`Not all is committed; commit or remove:\n${stdout.trimEnd()}`];
  },
};

const published = values.repository
  ? ['--', '--repository', values.repository, '--ref', values.tag ?? `v${version}`]
  : [];

/** Each runs a script of package.json that ends with another exit code than 0 when it fails. */
const runs = {
  check: { args: ['run', 'check'], advice: 'See above; `npm run fix` mends what is only style.' },
  tests: { args: ['test'], advice: 'See above.' },
  packages: { args: ['run', 'package', ...published], advice: 'See above.' },
};

let failed = 0;
for (const [name, look] of Object.entries(looks)) {
  const problems = look();
  report(name, problems.length === 0 ? 'ok' : 'FAILED', problems);
}
for (const [name, { args, advice }] of Object.entries(runs)) {
  if (values['skip-tests']) report(name, 'skipped', ['by --skip-tests']);
  else if (failed > 0) report(name, 'skipped', ['mend what failed first']);
  else {
    const passed = runNpm(args, { stdio: 'inherit' }).status === 0;
    report(name, passed ? 'ok' : 'FAILED', passed ? [] : [`\`npm ${args.join(' ')}\` failed. ${advice}`]);
  }
}
console.log(
  failed > 0
    ? `\n${version} cannot be released: ${failed} of the steps above failed.`
    : values['skip-tests']
      ? `\nNothing speaks against ${version} so far. Without --skip-tests, its tests are run and its packages made.`
      : `\n${version} can be released.`,
);
process.exitCode = failed > 0 ? 1 : 0;

function report(name, result, details) {
  if (result === 'FAILED') failed++;
  const text = details.join('\n').replaceAll('\n', '\n                   ');
  console.log(`${result.padEnd(8)} ${name.padEnd(10)}${text}`.trimEnd());
}
