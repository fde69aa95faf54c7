import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
const threats = text.slice(text.indexOf('## Threats'), text.indexOf('## What is not protected'));
const rows = [...threats.matchAll(/^\| (?!threat )([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, threat = '', mechanism = '', proof = '']) => ({ threat, mechanism, proof }),
);

describe('docs/security.md', () => {
  test('has a row for each threat, with what stops it', () => {
    const lines = threats
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| threat '));
    assert.equal(rows.length, lines.length);
    assert.ok(rows.length > 25, `${rows.length} threats`);
  });

  for (const { threat, proof } of rows) {
    test(`names tests that there are for: ${threat.slice(0, 80)}`, () => {
      const files = [...proof.matchAll(/`(test\/[\w./-]+)`/g)].map(([, file = '']) => file);
      assert.ok(files.length > 0, 'it names none');
      for (const file of files) {
        assert.match(file, /\.test\.ts$/);
        assert.ok(existsSync(join(root, file)), `${file} does not exist`);
      }
    });
  }

  test('leads to the way to report, and back', () => {
    assert.match(text, /\]\(\.\.\/SECURITY\.md\)/);
    const report = readFileSync(join(root, 'SECURITY.md'), 'utf8');
    assert.match(report, /\]\(docs\/security\.md\)/);
    assert.doesNotMatch(report, /\S+@\S+\.\S+/, 'nobody may write to an address that nobody reads');
  });
});
