import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { environment } from '../toolchain/node.mjs';

const script = join(import.meta.dirname, 'benchmark.ts');

test('the benchmark runs to its end and writes its page and its figures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-page-'));
  try {
    const args = [script, '--quick', '--output', folder];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: environment() });
    assert.equal(status, 0, stderr);
    const page = readFileSync(join(folder, 'benchmarks.md'), 'utf8');
    const figures = JSON.parse(readFileSync(join(folder, 'benchmarks.json'), 'utf8'));
    // What it says on its way is the name of each part.
    const parts = [...stderr.matchAll(/^(\w+): \d+ s$/gm)].map(([, name]) => name ?? '');
    assert.deepEqual(Object.keys(figures), parts);
    const headings = page.match(/^#{2,3} .+$/gm) ?? [];
    // The parts, and before them the goals.
    assert.equal(headings.length, parts.length + 1);
    assert.equal(headings[0], '## Goals');
    assert.doesNotMatch(page, /NaN|undefined|Infinity/);
    for (const goal of page.match(/^\| .+ \| at (?:most|least) .+$/gm) ?? [])
      assert.match(goal, /\| -?\d[^|]* \| (?:yes|\*\*no\*\*) \|$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
