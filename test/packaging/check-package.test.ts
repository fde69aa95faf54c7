import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { packageProblems } from '../../packaging/check-package.mjs';
import { targetNamed } from '../../packaging/targets.mjs';

const target = targetNamed('linux-x64');
const needed = [
  'package.json',
  'readme.md',
  'LICENSE.txt',
  'dist/extension.js',
  'dist/cli.js',
  'dist/proxy.js',
];

function problems(files: readonly string[], without = ''): string[] {
  const names = [
    ...needed.filter((name) => name !== without),
    `dist/node_modules/@img/${target.binary}/lib.node`,
    ...files,
  ];
  return packageProblems(
    target,
    zipSync(Object.fromEntries(names.map((name) => [`extension/${name}`, strToU8('x')]))),
  );
}

describe('a package', () => {
  test('that holds what it needs and no more is fit to ship', () => {
    assert.deepEqual(
      problems(['dist/THIRD_PARTY_NOTICES.txt', 'media/icon.png', 'l10n/bundle.l10n.zh-cn.json']),
      [],
    );
  });

  for (const stray of [
    'src/proxy.ts',
    'test/security/canaries.ts',
    'node_modules/zod/package.json',
    '.env',
    '.npmrc',
    'dist/cli.js.map',
    'dist/meta.json',
    'dist/node_modules/left-pad/index.js',
    'lingma-proxy.json',
    'credentials.json',
    '.git/config',
  ]) {
    test(`does not ship with ${stray}`, () => {
      assert.deepEqual(problems([stray]), [`extension/${stray} has no business in there`]);
    });
  }

  test('does not ship without a part, or with the code of another platform', () => {
    assert.deepEqual(problems([], 'dist/cli.js'), ['dist/cli.js is missing']);
    assert.match(problems(['dist/node_modules/@img/sharp-darwin-arm64/lib.node']).join(), /instead of/);
  });
});
