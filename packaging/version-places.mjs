import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that are named after a version: in texts that tell how to install or run them. */
const named = /(?<=\blingma-proxy-)\d+\.\d+\.\d+(?=\.tgz|-[a-z0-9-]+\.vsix)/g;

/** Where else than in names of files the version stands: the pattern finds it alone. */
const places = [
  { file: 'VERSION', pattern: /\d+\.\d+\.\d+(?=\n)/g },
  { file: 'package.json', pattern: /(?<=^ {2}"version": ")[^"]*/gm },
  {
    file: 'package-lock.json',
    pattern: /(?<=^ {2}"version": ")[^"]*|(?<="": \{\n {6}"name": "[^"]*",\n {6}"version": ")[^"]*/gm,
  },
  { file: 'deploy/kubernetes/base/kustomization.yaml', pattern: /(?<=newTag: ")[^"]*/g },
];

/** Each place in a folder's files where the version stands: `{ file, line, version }`, the VERSION file first. */
export function versionPlaces(folder) {
  return files(folder).flatMap(({ file, pattern }) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(pattern)].map(({ 0: version, index }) => ({
      file,
      line: text.slice(0, index).split('\n').length,
      version,
    }));
  });
}

/** The files of a folder in which the version stands, by name, with another version instead. */
export function withVersion(folder, version) {
  const changed = new Map();
  for (const { file, pattern } of files(folder)) {
    const text = changed.get(file) ?? readFileSync(join(folder, file), 'utf8');
    changed.set(file, text.replaceAll(pattern, version));
  }
  return changed;
}

function files(folder) {
  const { stdout } = spawnSync('git', ['ls-files', '*.md', 'deploy/*'], { cwd: folder, encoding: 'utf8' });
  const texts = stdout.split('\n').filter((file) => file !== '' && file !== 'CHANGELOG.md');
  return [...places, ...texts.map((file) => ({ file, pattern: named }))].filter(({ file }) =>
    existsSync(join(folder, file)),
  );
}
