import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'server.md'), 'utf8');

test('the files and figures that it names are there', () => {
  for (const [path] of text.matchAll(/deploy\/[\w./-]*\w/g)) assert.ok(existsSync(join(root, path)), path);
  const metrics = readFileSync(join(root, 'src', 'server', 'metrics.ts'), 'utf8');
  const named = new Set([...text.matchAll(/`(lingma_proxy_\w+)`/g)].map(([, name]) => name));
  const counted = new Set([...metrics.matchAll(/'(lingma_proxy_\w+)'/g)].map(([, name]) => name));
  counted.delete('lingma_proxy_info');
  assert.deepEqual([...named].toSorted(), [...counted].toSorted());
});
