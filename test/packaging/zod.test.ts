import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const part: Record<string, unknown> = await import('../../packaging/zod.mjs');

/** What `src` takes from zod at run time: what it calls, and the namespaces whose functions it calls. */
function namesInUse(): Set<string> {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
    .filter((source) => source.includes("from 'zod'"));
  return new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/\bz\.([a-z]\w*)[.(](?!\w+>)/g)].map(([, name = '']) => name),
    ),
  );
}

test('the part of zod that ships is what the program takes from it, and no more', () => {
  assert.deepEqual(Object.keys(part).sort(), [...namesInUse()].filter((name) => !typesOnly.has(name)).sort());
});

/** Names that stand in types alone. */
const typesOnly = new Set(['infer', 'input', 'output']);
