import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

test('package.json and its lock carry the version of the VERSION file', () => {
  const version = read('VERSION').trim();
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.equal(JSON.parse(read('package.json')).version, version);
  const lock = JSON.parse(read('package-lock.json'));
  assert.equal(lock.version, version);
  assert.equal(lock.packages[''].version, version);
});

test('the changelog begins with what is not yet released or with this version', () => {
  const first = /^## \[(.+?)\]/m.exec(read('CHANGELOG.md'))?.[1];
  assert.ok(first === 'Unreleased' || first === read('VERSION').trim(), `it begins with ${first}`);
});
