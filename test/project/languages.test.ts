import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { english } from '../../src/doctor/catalogue/english.ts';
import { root } from './markdown-page.ts';

/** Whose errors reach the status view, notifications, the inspector, the editor's chat or the terminal, and not only programs. */
const spoken = ['backends', 'clients', 'exports', 'extension', 'images', 'inspection', 'policies', 'runtime'];
/** Errors of requests that people do not write by hand: a screen quotes them, see core/failure.ts. */
const onlyForPrograms = [
  'invalid-request: The tool result for',
  'invalid-request: Two tool calls of one assistant message',
  'invalid-request: The tool call',
  'internal: The tool',
  'internal: The local runtime has no tool protocol',
  'not-found: The inspector has no call',
  'cancelled: The answer was abandoned.',
  'cancelled: The answer is not wanted any more.',
  'timeout: The runtime did not confirm that a session was deleted.',
];

test('errors that people read are made of phrases, which the catalogue translates', () => {
  const found: string[] = [];
  for (const folder of spoken) {
    for (const file of readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const source = readFileSync(join(root, 'src', folder, file), 'utf8');
      for (const [, kind, message] of source.matchAll(/new ProxyError\(\s*'?([\w-]+)'?,\s*['"`]([^\n]*)/g)) {
        found.push(`${kind}: ${message}`);
      }
    }
  }
  const plain = found.filter((each) => !onlyForPrograms.some((known) => each.startsWith(known)));
  assert.deepEqual(plain, []);
  assert.equal(found.length, onlyForPrograms.length, 'The list names what there is no more.');
});

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
