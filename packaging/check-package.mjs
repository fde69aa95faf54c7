import { unzipSync } from 'fflate';
import { targets } from './targets.mjs';

const largest = 12_000_000;

/** Everything that a .vsix may hold, besides the image library. */
const allowed = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^extension\/l10n\/[^/]+\.json$/,
  /^extension\/(readme|changelog)\.md$/,
  /^extension\/LICENSE\.txt$/,
  /^extension\/dist\/[^/]+\.js$/,
  /^extension\/dist\/THIRD_PARTY_NOTICES\.txt$/,
  /^extension\/dist\/webview\/[^/]+\.(js|css|ttf)$/,
  /^extension\/media\//,
  /^extension\/dist\/node_modules\/(sharp|@img|detect-libc|semver|@emnapi|tslib)\//,
];
const needed = [
  'package.json',
  'readme.md',
  'LICENSE.txt',
  'dist/extension.js',
  'dist/cli.js',
  'dist/proxy.js',
];

/** What is wrong with a .vsix that was made for a target: one line each, none when all is well. */
export function packageProblems(target, vsix) {
  const names = [];
  unzipSync(vsix, {
    filter({ name }) {
      names.push(name);
      return false;
    },
  });
  const strange = names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
  const missing = needed.filter((name) => !names.includes(`extension/${name}`));
  const binaries = targets
    .map(({ binary }) => binary)
    .filter((binary) => names.some((name) => name.includes(`/@img/${binary}/`)));
  return [
    ...strange.map((name) => `${name} has no business in there`),
    ...missing.map((name) => `${name} is missing`),
    ...(binaries.join() === target.binary
      ? []
      : [`it holds ${binaries.join(', ') || 'no image library'} instead of ${target.binary}`]),
    ...(vsix.length <= largest ? [] : [`it has ${vsix.length} bytes, more than ${largest}`]),
  ];
}
