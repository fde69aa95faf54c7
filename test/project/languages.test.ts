import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { english } from '../../src/doctor/catalogue/english.ts';
import { root } from './markdown-page.ts';

// The other catalogues are held by test/extension/manifest.test.ts; that the doctor's are complete, by their type.

test('everything that the doctor has words for is found somewhere', () => {
  const doctor = join(root, 'src', 'doctor');
  const checks = readdirSync(doctor, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/catalogue|findings\.ts$/.test(file))
    .map((file) => readFileSync(join(doctor, file), 'utf8'))
    .join('\n');
  const kinds = Object.keys(english.findings);
  assert.ok(kinds.length > 60, `${kinds.length} findings`);
  for (const id of kinds) {
    const [subject = '', state = ''] = id.split('.');
    const isMade =
      checks.includes(`'${id}'`) ||
      (checks.includes(`\`${subject}.$`) && new RegExp(`['"]${state}['"]`).test(checks)) ||
      (checks.includes(`.${state}\``) && new RegExp(`['"]${subject}['"]`).test(checks));
    assert.ok(isMade, id);
  }
});
