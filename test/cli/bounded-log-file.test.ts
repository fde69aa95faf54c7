import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BoundedLogFile } from '../../src/cli/bounded-log-file.ts';
import { assertPrivate } from '../toolchain/posix.ts';

const folder = mkdtempSync(join(tmpdir(), 'lingma-log-'));
after(() => rmSync(folder, { recursive: true }));

test('it grows to its bound, keeps the one before, and goes on where a former process ended', () => {
  const path = join(folder, 'a.log');
  const first = new BoundedLogFile(path, 20);
  first.write('123456789');
  new BoundedLogFile(path, 20).write('abcdefghi');
  assert.equal(readFileSync(path, 'utf8'), '123456789\nabcdefghi\n');
  const later = new BoundedLogFile(path, 20);
  later.write('new');
  assert.equal(readFileSync(path, 'utf8'), 'new\n');
  assert.equal(readFileSync(`${path}.1`, 'utf8'), '123456789\nabcdefghi\n');
  assertPrivate(path);
});

test('what cannot be written is no reason to end', () => {
  new BoundedLogFile(join(folder, 'nowhere', 'a.log')).write('lost');
});
