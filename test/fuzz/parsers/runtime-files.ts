import assert from 'node:assert/strict';
import { english, inWords } from '../../../src/core/localizer.ts';
import { findBaseUrlHint, hintInConfig, hintInText } from '../../../src/runtime/base-url-hints.ts';
import type { Computer } from '../../../src/runtime/computer.ts';
import { formatCredentials, parseCredentials } from '../../../src/runtime/credentials-file.ts';
import { decryptLoginCache } from '../../../src/runtime/login-cache.ts';
import { LoginFile } from '../../../src/runtime/login-file.ts';
import { lastMachineId, machineIds } from '../../../src/runtime/machine-id.ts';
import { parseRuntimeInfo } from '../../../src/runtime/runtime-info.ts';
import { encrypted, filesInMemory, machineId } from '../../runtime/pretend-computer.ts';
import type { FuzzedParser } from '../fuzzed-parser.ts';

const secrets = ['cosy-key-1', 'user-info-1', 'refresh-1'];

function computerWith(texts: Readonly<Record<string, string>>): Computer {
  return {
    env: {},
    home: '/home/me',
    platform: 'linux',
    files: filesInMemory(texts),
    isProcessAlive: () => true,
    now: () => 1_000,
  };
}

/** `.info.json` and `.info`. */
export const runtimeInfo: FuzzedParser = {
  name: 'runtime-info',
  dictionary: [
    'websocketPort',
    'pid',
    'ipcServerPath',
    '37109',
    '"37109"',
    '/tmp/lingma.sock',
    '\\\\.\\pipe\\lingma-1',
    '65535',
    '0',
  ],
  check(input) {
    const info = parseRuntimeInfo(input.toString());
    if ('problem' in info) {
      assert.ok(inWords(info.problem, english).length < 100, 'A problem quotes the file.');
      return;
    }
    const { port, pid, pipe } = info;
    assert.ok(port !== undefined || pipe !== undefined);
    if (port !== undefined) assert.ok(Number.isInteger(port) && port >= 1 && port <= 65_535, `port ${port}`);
    if (pid !== undefined) assert.ok(Number.isInteger(pid) && pid >= 1, `pid ${pid}`);
    if (pipe !== undefined) assert.ok(pipe !== '' && pipe === pipe.trim());
  },
};

type LoginResult = ReturnType<typeof decryptLoginCache>;

function assertLogin(result: LoginResult): void {
  if ('problem' in result) {
    const problem = inWords(result.problem, english);
    assert.ok(problem.length < 200, 'A problem quotes the file.');
    for (const secret of secrets) assert.ok(!problem.includes(secret), 'A problem tells a secret.');
    return;
  }
  const { login } = result;
  for (const field of [login.cosyKey, login.encryptUserInfo, login.userId]) {
    assert.ok(typeof field === 'string' && field !== '' && field === field.trim());
  }
  if (login.expiresAt !== undefined)
    assert.ok(!Number.isNaN(new Date(login.expiresAt).getTime()), 'No date.');
  // What is exported is read as the same login.
  const again = parseCredentials(formatCredentials({ ...login, source: '/x' }));
  assert.deepEqual(again, { login: { ...login, machineId: login.machineId.trim() } });
}

/** `cache/user`: its plaintext, and the text of the file itself. */
export const loginCache: FuzzedParser = {
  name: 'login-cache',
  dictionary: [
    'key',
    'encrypt_user_info',
    'uid',
    'organization_id',
    'expire_time',
    ...secrets,
    '1800000000000',
    '1e300',
    '\ufeff',
  ],
  async check(input) {
    assertLogin(decryptLoginCache(encrypted(input.toString()), machineId));
    assertLogin(decryptLoginCache(input.toString(), machineId));
    for (const user of [encrypted(input.toString()), input.toString()]) {
      const texts = { '/root/cache/user': user, '/root/cache/id': machineId };
      const file = LoginFile.cache(computerWith(texts), '/root');
      // A broken file is looked at twice, with a pause; what it says is tried above.
      if ('login' in decryptLoginCache(user, machineId)) {
        await file.refresh();
        assert.equal(file.state.kind, 'login');
      }
    }
  },
};

/** `credentials.json`. */
export const credentialsFile: FuzzedParser = {
  name: 'credentials-file',
  dictionary: [
    'auth',
    'cosy_key',
    'encrypt_user_info',
    'user_id',
    'machine_id',
    'token_expire_time',
    'key',
    'uid',
    ...secrets,
  ],
  check(input) {
    assertLogin(parseCredentials(input.toString()));
  },
};

/** The machine id, in `cache/id`, in `cli/.auth/id` and in logs. */
export const machineIdText: FuzzedParser = {
  name: 'machine-id',
  dictionary: [
    'using machine id from file:',
    'machine id:',
    'machine_id:',
    'machineId:',
    'machine-id:',
    machineId,
    '"',
    ' ',
    '\t',
  ],
  async check(input) {
    const text = input.toString();
    const last = lastMachineId(text);
    if (last !== undefined) assert.ok(last.length >= 16 && text.includes(last) && !/\s/.test(last));
    const texts = { '/root/cache/id': text, '/root/cli/.auth/id': text, '/root/logs/a.log': text };
    for await (const { id } of machineIds(computerWith(texts), '/root')) {
      assert.ok(Buffer.byteLength(id) >= 16);
      assertLogin(decryptLoginCache(encrypted({ key: 'k', encrypt_user_info: 'i', uid: 'u' }, id), id));
    }
  },
};

/** What configuration files and logs say of the base URL. */
export const baseUrlHints: FuzzedParser = {
  name: 'base-url-hints',
  dictionary: [
    ...[
      'https://lingma.alibabacloud.com',
      'https://lingma-api.tongyi.aliyun.com',
      'https://x.rdc.aliyuncs.com',
      'http://',
      'https://',
    ],
    ...[
      'lingma.alibabacloud.com',
      '.rdc.aliyuncs.com',
      '.oss-cn',
      'oss-rg-',
      '@',
      ':443',
      ':8443',
      '#',
      '?',
      '%2e',
      '。',
      'baseUrl',
      'domain',
    ],
    ...[
      'endpoint config:',
      'Using service url:',
      'Download asset from:',
      'https://evil.example#.rdc.aliyuncs.com',
      'xn--',
      '/path',
    ],
  ],
  async check(input) {
    const text = input.toString();
    const texts = { '/root/bin/config.json': text, '/root/logs/a.log': text };
    const found = await findBaseUrlHint(computerWith(texts), '/root');
    for (const url of [hintInConfig(text), hintInText(text), found?.url]) {
      if (url === undefined) continue;
      const { protocol, hostname, username, pathname, origin } = new URL(url);
      assert.equal(url, origin, 'More than an origin.');
      assert.ok(protocol === 'https:' && username === '' && pathname === '/');
      // The login goes there: told apart here by the end of the name alone.
      assert.match(
        hostname,
        /^(?:lingma\.alibabacloud\.com|lingma-api\.tongyi\.aliyun\.com|[^/]+\.rdc\.aliyuncs\.com)$/,
      );
      assert.doesNotMatch(hostname, /oss-rg-|\.oss[.-]/);
    }
  },
};
