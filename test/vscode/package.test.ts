import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { packagedExtension } from './packaged-extension.ts';
import { zipEntries } from './zip-entries.ts';

test('the .vsix holds the built code, the manifest with its translations, the texts and the media, and nothing else', () => {
  const entries = zipEntries(readFileSync(packagedExtension()));
  const allowed = [
    /^extension\.vsixmanifest$/,
    /^\[Content_Types\]\.xml$/,
    /^extension\/package(\.nls(\.[a-z-]+)?)?\.json$/,
    /^extension\/l10n\/[^/]+\.json$/,
    /^extension\/(readme|changelog)\.md$/,
    /^extension\/LICENSE\.txt$/,
    /^extension\/dist\/[^/]+\.js(\.LEGAL\.txt)?$/,
    /^extension\/media\//,
  ];
  assert.deepEqual(
    entries.filter((entry) => !allowed.some((pattern) => pattern.test(entry))),
    [],
    'no business in there',
  );
  const needed = [
    'package.json',
    'readme.md',
    'changelog.md',
    'LICENSE.txt',
    'dist/extension.js',
    'dist/cli.js',
  ];
  assert.deepEqual(
    needed.filter((name) => !entries.includes(`extension/${name}`)),
    [],
    'missing',
  );
});
