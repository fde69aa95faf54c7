import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that this project may ship under. A package with another one stops the build, so that somebody looks at it. */
const accepted = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'Unicode-3.0',
  'Unlicense',
];

/** The folders of the packages that files belong to, each once. `files` are paths with `node_modules` in them. */
export function packageFolders(files) {
  const folders = new Set();
  for (const file of files) {
    const found = /^.*node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(file);
    if (found) folders.add(found[0]);
  }
  return [...folders];
}

/** The folders of all packages in a node_modules folder, nested ones left out. */
export function installedPackages(folder) {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(folder, name)).map((inner) => join(folder, name, inner))
        : [join(folder, name)],
    );
}

/** What the package.json files in these folders say: `{ name, version, license }`, by name. */
export function packagesIn(folders) {
  return folders
    .map((folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
    .map(({ name, version, license }) => ({ name, version, license: String(license) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Name, version, licence and licence text of each package, as one text. Throws for a licence that nobody has accepted. */
export function thirdPartyNotices(folders) {
  const notices = folders.map(noticeOf).sort((one, other) => (one.title < other.title ? -1 : 1));
  return notices
    .map(
      ({ title, licence, text }) => `${title}\n${'='.repeat(title.length)}\nLicence: ${licence}\n\n${text}\n`,
    )
    .join('\n\n');
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const parts = String(license)
    .replaceAll(/[()]/g, '')
    .split(/ (?:AND|OR) /);
  if (!parts.every((part) => accepted.includes(part))) {
    throw new Error(
      `${name} ${version} has the licence "${license}". Look at it, and add it to packaging/notices.mjs if it may ship.`,
    );
  }
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
  return {
    title: `${name} ${version}`,
    licence: license,
    text: file ? readFileSync(join(folder, file), 'utf8').trim() : readme(folder),
  };
}

/** Where a package says its licences in no file of their own, they are in what describes it. */
function readme(folder) {
  const file = join(folder, 'README.md');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : 'The package holds no text of it.';
}
