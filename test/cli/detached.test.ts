import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { lazyParts, sharedParts } from '../../packaging/bundle-parts.mjs';

const source = join(import.meta.dirname, '..', '..', 'src');
/** Not part of a proxy that runs. */
const elsewhere = /^(?:cli|demo|doctor|extension)\b/;
/** Loaded before it listens. */
const atTheStart = ['proxy', 'metrics', 'record-archive'];

test('a proxy that outlives the windows has loaded all that it may need, should an update take its files away', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const late = files
    .filter((file) => file.endsWith('.ts') && !elsewhere.test(file))
    .flatMap(importedLate)
    .filter(isFileOfItsOwn);
  assert.ok(late.includes('undici') && late.includes('create-inspector'));
  const early = importedLate(join('cli', 'detached.ts'));
  const missing = [...new Set([...late, ...Object.keys(sharedParts).map((path) => basename(path))])].filter(
    (name) => ![...early, ...atTheStart].includes(name),
  );
  assert.deepEqual(missing, [], 'to be loaded by loadAllThatIsLeft in src/cli/detached.ts');
});

function importedLate(file: string): string[] {
  const calls = readFileSync(join(source, file), 'utf8').matchAll(/\bimport\('([^']+)'\)/g);
  return [...calls].map(([, path = '']) => basename(path, '.ts'));
}

/** All else is in the file of whoever imports it. */
function isFileOfItsOwn(name: string): boolean {
  return Object.hasOwn(lazyParts, name) || name === 'sharp';
}
