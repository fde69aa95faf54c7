// Makes what is unreleased the release of a version: its entry in the changelog gets the version and today's date, and every file in which
// the version stands gets it, too. It commits nothing.
//   npm run release:prepare X.Y.Z
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { changelogEntries, changelogEntry, changelogProblems, isNewer, withReleased } from './changelog.mjs';
import { withVersion } from './version-places.mjs';

const version = process.argv[2] ?? '';
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const problems = obstacles();
if (problems.length > 0) {
  console.error(`Nothing was changed.\n${problems.join('\n')}`);
  process.exit(1);
}
const date = new Date().toISOString().slice(0, 10);
const changed = new Map([
  ...withVersion(process.cwd(), version),
  ['CHANGELOG.md', withReleased(changelog, version, date)],
]);
for (const [file, text] of changed) {
  if (readFileSync(file, 'utf8') === text) continue;
  writeFileSync(file, text);
  console.log(`changed  ${file}`);
}
console.log(`
Look at what changed (git diff), then:
  git commit --all --message "Release ${version}"
  npm run release:check
  git tag v${version}
  git push origin HEAD v${version}`);

function obstacles() {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return ['Name the version: npm run release:prepare 1.2.3'];
  const newest = changelogEntries(changelog).find((entry) => entry.version !== 'Unreleased')?.version;
  const status = spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).stdout.trim();
  return [
    ...changelogProblems(changelog).map((problem) => `CHANGELOG.md: ${problem}.`),
    ...(changelogEntry(changelog, 'Unreleased')?.body
      ? []
      : [
          'CHANGELOG.md has nothing under "## [Unreleased]": write there what a user of the new version notices.',
        ]),
    ...(newest === undefined || isNewer(version, newest)
      ? []
      : [`${version} is not newer than ${newest}, the last release.`]),
    ...(status === '' ? [] : [`Commit first what has changed:\n${status}`]),
  ];
}
