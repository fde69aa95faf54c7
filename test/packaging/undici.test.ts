import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const part: Record<string, unknown> = createRequire(import.meta.url)('../../packaging/undici.cjs');

/** What `src` takes from undici at run time. */
function namesInUse(): string[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'));
  return sources
    .flatMap((source) => [...source.matchAll(/const \{ ([\w, ]+) \} = await import\('undici'\)/g)])
    .flatMap(([, names = '']) => names.split(', '));
}

test('the part of undici that ships has all that the program takes from it', () => {
  const names = namesInUse();
  assert.ok(names.includes('EnvHttpProxyAgent'));
  for (const name of names)
    assert.equal(typeof part[name], 'function', `${name} is missing in packaging/undici.cjs`);
});
