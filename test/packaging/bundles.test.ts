import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const dist = join(import.meta.dirname, '..', '..', 'dist');

test('what a start loads is ASCII, so that its source takes a byte a character', (context) => {
  if (!existsSync(dist)) return context.skip('nothing has been built');
  for (const name of ['cli', 'detached', 'extension', 'launch-proxy', 'proxy', 'zod', 'undici', 'ws']) {
    const [wide] = /.{0,40}\P{ASCII}.{0,40}/u.exec(readFileSync(join(dist, `${name}.js`), 'utf8')) ?? [];
    assert.equal(wide, undefined, `${name}.js: ${wide}`);
  }
});
