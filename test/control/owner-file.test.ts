import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { OwnerFile } from '../../src/control/owner-file.ts';
import { readOwnerFile } from '../../src/control/read-owner-file.ts';
import { stateDirectory } from '../../src/control/state-directory.ts';
import { assertPrivate } from '../toolchain/posix.ts';

const folder = mkdtempSync(join(tmpdir(), 'lingma-owner-'));
after(() => rmSync(folder, { recursive: true }));
const record = { url: 'http://127.0.0.1:8095', token: 'a-token-of-some-length', pid: 7 };

test('word of an owner is read as it was written, in a folder and a file that only its user can read', () => {
  const directory = join(folder, 'made', 'for', 'it');
  const file = new OwnerFile(directory, 8095);
  file.write(record);
  assert.deepEqual(readOwnerFile(file.path), record);
  for (const path of [directory, file.path]) assertPrivate(path);
});

test('each port has an owner of its own', () => {
  assert.notEqual(new OwnerFile(folder, 8095).path, new OwnerFile(folder, 8096).path);
});

test('what was removed is there again once it is restored, and what is there is left alone', () => {
  const file = new OwnerFile(folder, 1);
  file.remove();
  file.restore(record);
  file.restore({ ...record, pid: 8 });
  assert.equal(readOwnerFile(file.path)?.pid, 7);
  file.remove();
  assert.equal(file.exists, false);
});

test('what cannot be read leads to nobody', () => {
  const file = new OwnerFile(folder, 2);
  for (const text of ['', '{', '[]', '{"url":"http://127.0.0.1:1","token":"short","pid":1}']) {
    writeFileSync(file.path, text);
    chmodSync(file.path, 0o600);
    assert.equal(readOwnerFile(file.path), undefined, text);
  }
});

test('its folder is where each system keeps such things', () => {
  const at = (platform: NodeJS.Platform, env = {}) => stateDirectory({ platform, env, home: '/home/me' });
  assert.equal(at('linux'), '/home/me/.local/state/lingma-proxy');
  assert.equal(at('linux', { XDG_STATE_HOME: '/state' }), '/state/lingma-proxy');
  assert.equal(at('linux', { XDG_STATE_HOME: 'relative' }), '/home/me/.local/state/lingma-proxy');
  assert.equal(at('darwin'), '/home/me/Library/Application Support/lingma-proxy');
  assert.equal(at('win32', { LOCALAPPDATA: 'C:\\L' }), 'C:\\L\\lingma-proxy');
});
