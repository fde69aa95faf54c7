import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { ProxyError } from '../../src/core/errors.ts';
import { phrase } from '../../src/core/localizer.ts';
import { formatCredentials, parseCredentials } from '../../src/runtime/credentials-file.ts';
import { diskFiles, type Files } from '../../src/runtime/files.ts';
import { decryptLoginCache } from '../../src/runtime/login-cache.ts';
import { createLoginSource } from '../../src/runtime/login-source.ts';
import { lastMachineId } from '../../src/runtime/machine-id.ts';
import {
  encrypted,
  machineId,
  type PretendComputer,
  plainLogin,
  pretendComputer,
} from './pretend-computer.ts';

const login = {
  cosyKey: 'cosy-key-1',
  encryptUserInfo: 'user-info-1',
  userId: 'user-1',
  machineId,
  organizationId: 'org-1',
  expiresAt: 1_800_000_000_000,
};

function writeCache(computer: PretendComputer, root: string, changes: object = {}): string {
  computer.write(`${root}/cache/id`, `${machineId}\n`);
  return computer.write(`${root}/cache/user`, encrypted({ ...plainLogin, ...changes }));
}

async function loginRequired(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
  } catch (error) {
    assert(error instanceof ProxyError && error.kind === 'login-required', String(error));
    return error.message;
  }
  return assert.fail('there was a login');
}

/** Counts the times that the content of a file is read. */
function countedFiles(): Files & { reads: string[] } {
  const reads: string[] = [];
  return {
    ...diskFiles,
    reads,
    readTail: (path, limit) => {
      reads.push(path);
      return diskFiles.readTail(path, limit);
    },
  };
}

test('a login cache is decrypted with the machine id beside it', async (t) => {
  const computer = pretendComputer(t);
  const source = writeCache(computer, '.lingma');
  const logins = createLoginSource({ computer });
  assert.equal(logins.current(), undefined);
  assert.deepEqual(await logins.read(), { ...login, source });
  assert.deepEqual(logins.current(), { source, expiresAt: login.expiresAt });
});

test('the expiry may be a number, absent or odd; the user id may be a number', () => {
  const read = (changes: object) => decryptLoginCache(encrypted({ ...plainLogin, ...changes }), machineId);
  const { expiresAt: _, ...endless } = login;
  assert.deepEqual(read({ expire_time: 1_800_000_000_000 }), { login });
  for (const expire_time of [undefined, '', 0, 'soon', 1e300])
    assert.deepEqual(read({ expire_time }), { login: endless });
  assert.deepEqual(read({ uid: 42 }), { login: { ...login, userId: '42' } });
});

test('a login cache that holds none says why, and nothing of its content', () => {
  assert.deepEqual(decryptLoginCache('', machineId), { problem: phrase('is empty'), fault: 'empty' });
  assert.deepEqual(decryptLoginCache(encrypted('[]'), machineId), {
    problem: phrase('does not hold a login'),
    fault: 'broken',
  });
  assert.deepEqual(decryptLoginCache(encrypted({ ...plainLogin, key: '', uid: null }), machineId), {
    problem: phrase('holds no complete login (no {0})', 'key, uid'),
    fault: 'incomplete',
  });
  const wrongKey = decryptLoginCache(encrypted(plainLogin, 'another machine id'), machineId);
  assert.deepEqual(wrongKey, {
    problem: phrase('cannot be decrypted with the machine id beside it'),
    fault: 'undecryptable',
  });
});

test('a login cache cut at any byte is a problem, never a throw and never a wrong login', () => {
  const whole = encrypted(plainLogin);
  for (let length = 0; length < whole.length - 2; length++) {
    assert.equal('problem' in decryptLoginCache(whole.slice(0, length), machineId), true, `cut at ${length}`);
  }
});

test('arbitrary bytes in a login cache or a credentials file never throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), fc.jsonValue(), (text, value) => {
      decryptLoginCache(text, machineId);
      decryptLoginCache(encrypted(JSON.stringify(value)), machineId);
      decryptLoginCache(encrypted({ ...plainLogin, expire_time: value, key: value }), machineId);
      parseCredentials(text);
      parseCredentials(JSON.stringify({ auth: value, token_expire_time: value }));
    }),
  );
});

test('the machine id comes from cache/id, else cli/.auth/id, else the newest log', async (t) => {
  const computer = pretendComputer(t);
  const source = computer.write('.lingma/cache/user', encrypted(plainLogin));
  const old = computer.write('.lingma/logs/old.log', 'machine id: ffffffffffffffffffff\n');
  utimesSync(old, 1, 1);
  computer.write(
    '.lingma/logs/2026/new.log',
    `machineId: 00000000000000000000\nusing machine id from file: ${machineId}\nend\n`,
  );
  const read = () => createLoginSource({ computer }).read();
  assert.deepEqual(await read(), { ...login, source });
  const other = '1123456789abcdef-machine';
  computer.write('.lingma/cli/.auth/id', other);
  writeFileSync(source, encrypted(plainLogin, other));
  assert.equal((await read()).machineId, other);
  computer.write('.lingma/cache/id', `  ${machineId}  \n`);
  writeFileSync(source, encrypted(plainLogin));
  assert.equal((await read()).machineId, machineId);
});

test('a machine id that does not fit gives way to the next', async (t) => {
  const computer = pretendComputer(t);
  writeCache(computer, '.lingma');
  computer.write('.lingma/cache/id', 'left from an earlier installation');
  computer.write('.lingma/cli/.auth/id', machineId);
  assert.equal((await createLoginSource({ computer }).read()).machineId, machineId);
});

test('the last machine id of a log counts, in every form in which it is logged', () => {
  for (const marker of [
    'using machine id from file:',
    'machine id:',
    'machine_id:',
    'machineId:',
    'machine-id:',
  ]) {
    const log = `${marker} aaaaaaaaaaaaaaaaaaaa\n${marker} ${machineId}, next\n${marker} short\n`;
    assert.equal(lastMachineId(log), machineId, marker);
  }
  assert.equal(lastMachineId('nothing of the kind'), undefined);
});

test('of a large log only the end is read', async (t) => {
  const computer = pretendComputer(t);
  computer.write('.lingma/cache/user', encrypted(plainLogin));
  const filler = 'x'.repeat(100).concat('\n').repeat(20_000);
  computer.write('.lingma/logs/a.log', `machine id: ${machineId}\n${filler}`);
  await loginRequired(createLoginSource({ computer }).read());
  computer.write('.lingma/logs/a.log', `${filler}machine id: ${machineId}\n`);
  assert.equal((await createLoginSource({ computer }).read()).userId, 'user-1');
});

test('without any login the error says what to do', async (t) => {
  const message = await loginRequired(createLoginSource({ computer: pretendComputer(t) }).read());
  assert.match(
    message,
    /^There is no login of Lingma or QoderCN on this computer \(\d+ places were looked at\)\. Open Lingma or QoderCN and sign in;/,
  );
});

test('a login that appears later is found', async (t) => {
  const computer = pretendComputer(t);
  const logins = createLoginSource({ computer });
  await loginRequired(logins.read());
  writeCache(computer, '.lingma');
  assert.equal((await logins.read()).userId, 'user-1');
});

test('a login that was rewritten is the next one read, one that was not is not read again', async (t) => {
  const files = countedFiles();
  const computer = pretendComputer(t, files);
  const source = writeCache(computer, '.lingma');
  const logins = createLoginSource({ computer });
  await logins.read();
  const before = files.reads.length;
  await logins.read();
  computer.time += 10_000;
  await logins.read();
  assert.equal(files.reads.length, before);
  writeFileSync(`${source}.new`, encrypted({ ...plainLogin, uid: 'user-2' }));
  renameSync(`${source}.new`, source);
  computer.time += 20;
  assert.equal((await logins.read()).userId, 'user-2');
});

test('requests shortly after one another share one look, unless the login is in doubt', async (t) => {
  const computer = pretendComputer(t);
  const source = writeCache(computer, '.lingma');
  const logins = createLoginSource({ computer });
  await logins.read();
  writeFileSync(`${source}.new`, encrypted({ ...plainLogin, uid: 'user-2' }));
  renameSync(`${source}.new`, source);
  computer.time += 19;
  assert.equal((await logins.read()).userId, 'user-1');
  assert.equal((await logins.read('anew')).userId, 'user-2');
});

test('requests at the same time share one look', async (t) => {
  const files = countedFiles();
  const computer = pretendComputer(t, files);
  const source = writeCache(computer, '.lingma');
  const logins = createLoginSource({ computer });
  await Promise.all(Array.from({ length: 64 }, () => logins.read()));
  assert.equal(files.reads.filter((path) => path === source).length, 1);
});

test('a file caught while it is being written is read once more before it counts as broken', async (t) => {
  const whole = encrypted(plainLogin);
  let source = '';
  const files: Files = {
    ...diskFiles,
    async readTail(path, limit) {
      const content = await diskFiles.readTail(path, limit);
      if (path === source) writeFileSync(source, whole);
      return content;
    },
  };
  const computer = pretendComputer(t, files);
  computer.write('.lingma/cache/id', machineId);
  source = computer.write('.lingma/cache/user', whole.slice(0, 21));
  assert.equal((await createLoginSource({ computer }).read()).userId, 'user-1');
});

test('while a file stays torn the login read before stands in, for a minute', async (t) => {
  const computer = pretendComputer(t);
  const source = writeCache(computer, '.lingma');
  const logins = createLoginSource({ computer });
  await logins.read();
  writeFileSync(source, encrypted(plainLogin).slice(0, 21));
  assert.equal((await logins.read()).userId, 'user-1');
  const [torn] = (await logins.describe()).filter((candidate) => candidate.status !== 'missing');
  assert.deepEqual(
    [torn?.status, torn?.reason],
    [
      'chosen',
      'is the first usable login in order; it cannot be decrypted with the machine id beside it now, and the login read before is used',
    ],
  );
  computer.time += 61_000;
  assert.match(await loginRequired(logins.read()), /cache\/user cannot be decrypted/);
  writeFileSync(source, encrypted({ ...plainLogin, uid: 'user-2' }));
  assert.equal((await logins.read()).userId, 'user-2');
});

test('a file that is removed is a sign-out', async (t) => {
  const computer = pretendComputer(t);
  const source = writeCache(computer, '.lingma');
  const logins = createLoginSource({ computer });
  await logins.read();
  rmSync(source);
  computer.time += 20;
  await loginRequired(logins.read());
  assert.equal(logins.current(), undefined);
});

test('an expired login names the file, the date and the remedy', async (t) => {
  const computer = pretendComputer(t);
  const source = writeCache(computer, '.lingma', { expire_time: '1600000000000' });
  assert.equal(
    await loginRequired(createLoginSource({ computer }).read()),
    `The login in ${source} expired on 2020-09-13 12:26 UTC. Open Lingma or QoderCN and sign in; the proxy finds the new login by itself.`,
  );
});

test('a login expires while the proxy runs', async (t) => {
  const computer = pretendComputer(t);
  writeCache(computer, '.lingma');
  const logins = createLoginSource({ computer });
  await logins.read();
  computer.time = login.expiresAt;
  await loginRequired(logins.read());
});

test('QoderCN is chosen before Lingma, unless its login has expired', async (t) => {
  const computer = pretendComputer(t);
  writeCache(computer, '.lingma', { uid: 'lingma' });
  writeCache(computer, '.qodercn', { uid: 'qoder' });
  const logins = createLoginSource({ computer });
  assert.equal((await logins.read()).userId, 'qoder');
  writeCache(computer, '.qodercn', { uid: 'qoder', expire_time: 1 });
  computer.time += 20;
  assert.equal((await logins.read()).userId, 'lingma');
});

test('a better login that appears in a new place is found within a second, and no request waits for that', async (t) => {
  const computer = pretendComputer(t);
  writeCache(computer, '.lingma', { uid: 'lingma' });
  const logins = createLoginSource({ computer });
  await logins.read();
  writeCache(computer, '.qodercn', { uid: 'qoder' });
  computer.time += 1_000;
  assert.equal((await logins.read()).userId, 'lingma');
  while ((await logins.read()).userId === 'lingma') await setImmediate();
  assert.equal((await logins.read()).userId, 'qoder');
});

test('of several logins, the newest file or the longest life can be picked', async (t) => {
  const computer = pretendComputer(t);
  const first = writeCache(computer, '.qodercn', { uid: 'first' });
  const newest = writeCache(computer, '.lingma', { uid: 'newest', expire_time: undefined });
  const longest = writeCache(computer, '.config/Lingma', { uid: 'longest', expire_time: 1_900_000_000_000 });
  utimesSync(first, 100, 100);
  utimesSync(newest, 300, 300);
  utimesSync(longest, 200, 200);
  for (const [pick, uid] of [
    ['auto', 'first'],
    ['newest', 'newest'],
    ['longest', 'longest'],
  ] as const) {
    assert.equal((await createLoginSource({ computer, pick }).read()).userId, uid);
  }
  utimesSync(longest, 400, 400);
  const logins = createLoginSource({ computer, pick: 'newest' });
  assert.equal((await logins.read()).userId, 'longest');
  utimesSync(newest, 500, 500);
  computer.time += 20;
  assert.equal((await logins.read()).userId, 'newest');
});

test('every place is described with why it was or was not chosen, and without secrets', async (t) => {
  const computer = pretendComputer(t);
  const expired = writeCache(computer, '.qodercn', { expire_time: 1_600_000_000_000 });
  const chosen = writeCache(computer, '.lingma');
  const usable = writeCache(computer, '.config/Lingma');
  const broken = computer.write('.config/QoderCN/cache/user', encrypted(plainLogin));
  const described = await createLoginSource({ computer }).describe();
  assert.deepEqual(
    described.filter(({ status }) => status !== 'missing'),
    [
      {
        source: expired,
        status: 'expired',
        reason: 'expired on 2020-09-13 12:26 UTC',
        expiresAt: 1_600_000_000_000,
      },
      {
        source: broken,
        status: 'unreadable',
        reason: 'has no machine id beside it (cache/id, cli/.auth/id, logs)',
        fault: 'no-machine-id',
      },
      {
        source: chosen,
        status: 'chosen',
        reason: 'is the first usable login in order',
        expiresAt: login.expiresAt,
      },
      {
        source: usable,
        status: 'usable',
        reason: 'is not the first usable login in order',
        expiresAt: login.expiresAt,
      },
    ],
  );
  assert.doesNotMatch(JSON.stringify(described), /cosy-key|user-info|machine\b(?![ -]id)|oauth|refresh/);
});

test('the folder that the setting or LINGMA_CACHE_DIR names is the only one', async (t) => {
  const computer = pretendComputer(t);
  writeCache(computer, '.qodercn', { uid: 'usual' });
  writeCache(computer, 'a', { uid: 'a' });
  writeCache(computer, 'b', { uid: 'b' });
  computer.env = { LINGMA_CACHE_DIR: join(computer.home, 'a') };
  assert.equal((await createLoginSource({ computer }).read()).userId, 'a');
  assert.equal(
    (await createLoginSource({ computer, cacheDirectory: join(computer.home, 'b', 'cache') }).read()).userId,
    'b',
  );
  const missing = createLoginSource({ computer, cacheDirectory: join(computer.home, 'c') }).read();
  assert.match(
    await loginRequired(missing),
    /^There is no login: .*\/c\/cache\/user does not exist\. Open Lingma/,
  );
});

test('a credentials file is the only source when it is named, in either spelling', async (t) => {
  const computer = pretendComputer(t);
  writeCache(computer, '.qodercn');
  const auth = { cosy_key: 'k', encrypt_user_info: 'i', user_id: 'u', machine_id: 'm' };
  const authFile = computer.write(
    'c.json',
    JSON.stringify({ source: 'manual', token_expire_time: '1777520000000', auth }),
  );
  const expected = {
    cosyKey: 'k',
    encryptUserInfo: 'i',
    userId: 'u',
    machineId: 'm',
    expiresAt: 1_777_520_000_000,
    source: authFile,
  };
  const logins = createLoginSource({ computer, authFile });
  assert.deepEqual(await logins.read(), expected);
  const { cosy_key: key, user_id: uid, ...rest } = auth;
  writeFileSync(
    authFile,
    `\uFEFF${JSON.stringify({ token_expire_time: 1777520000000, auth: { ...rest, key, uid } })}`,
  );
  assert.deepEqual(await logins.read(), expected);
  assert.equal((await logins.describe()).length, 1);
});

test('a credentials file that is not complete says what it lacks and how to get on', async (t) => {
  const computer = pretendComputer(t);
  const authFile = computer.write('c.json', '{"auth": {"user_id": "u", "key": "k"}}');
  assert.equal(
    await loginRequired(createLoginSource({ computer, authFile }).read()),
    `The login cannot be used: ${authFile} lacks auth.encrypt_user_info, auth.machine_id. Correct the file, or clear ` +
      "remote_auth_file to use the IDE's own login.",
  );
});

test('an exported login is read back as it was', () => {
  const { expiresAt: _, organizationId: __, ...least } = login;
  for (const each of [login, least]) {
    assert.deepEqual(parseCredentials(formatCredentials({ ...each, source: '/x' })), { login: each });
  }
});

test('a login that is no regular file is passed over', async (t) => {
  const computer = pretendComputer(t);
  const source = writeCache(computer, '.lingma');
  rmSync(source);
  mkdirSync(source);
  assert.match(await loginRequired(createLoginSource({ computer }).read()), /cache\/user is not a file\. /);
});

test('a login in a folder that may not be entered does not stop the search', {
  skip: process.getuid?.() === 0,
}, async (t) => {
  const computer = pretendComputer(t);
  const closed = dirname(writeCache(computer, '.qodercn'));
  writeCache(computer, '.lingma', { uid: 'open' });
  chmodSync(closed, 0);
  t.after(() => chmodSync(closed, 0o700));
  assert.equal((await createLoginSource({ computer }).read()).userId, 'open');
});
