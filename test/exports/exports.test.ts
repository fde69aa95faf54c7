import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { loadSettings } from '../../src/config/load-settings.ts';
import { english } from '../../src/core/localizer.ts';
import type { Login } from '../../src/core/login.ts';
import { exportRemoteAuth } from '../../src/exports/export-remote-auth.ts';
import { exportServerBundle } from '../../src/exports/export-server-bundle.ts';
import { secretWarning } from '../../src/exports/secret-warning.ts';
import type { BaseUrlSource } from '../../src/runtime/base-url.ts';
import { createLoginSource, type LoginSource } from '../../src/runtime/login-source.ts';
import { encrypted, machineId, plainLogin, pretendComputer } from '../runtime/pretend-computer.ts';
import { assertPrivate } from '../toolchain/posix.ts';

const folder = mkdtempSync(join(tmpdir(), 'lingma-exports-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const expiresAt = Date.UTC(2099, 3, 30);
const login: Login = {
  cosyKey: 'the-cosy-key',
  encryptUserInfo: 'the-user-info',
  userId: '12345',
  machineId: '0123456789abcdef-machine',
  organizationId: 'org-1',
  expiresAt,
  source: '/home/ann/.lingma/cache/user',
};

function sourceOf(read: () => Promise<Login>): LoginSource {
  return { read, describe: async () => [], current: () => undefined };
}

const signedIn = sourceOf(async () => login);
let count = 0;
const newName = (ending: string) => join(folder, `${++count}.${ending}`);

test('an exported login is what --remote-auth-file reads, to the last field, and the owner’s alone', async () => {
  const file = newName('json');
  const exported = await exportRemoteAuth({ login: signedIn, file, overwrite: false });
  assert.deepEqual(exported, { file, source: login.source, expiresAt });
  assertPrivate(file);
  const again = await createLoginSource({ authFile: file }).read();
  assert.deepEqual(again, { ...login, source: file });
});

test('a file that is there already is left alone, unless it may go; a link is not followed', async () => {
  const file = newName('json');
  writeFileSync(file, 'precious', { mode: 0o644 });
  await assert.rejects(exportRemoteAuth({ login: signedIn, file, overwrite: false }), {
    kind: 'invalid-request',
    message: /is there already and was left alone.*--overwrite/,
  });
  assert.equal(readFileSync(file, 'utf8'), 'precious');
  const link = newName('json');
  symlinkSync(newName('target'), link);
  await assert.rejects(exportRemoteAuth({ login: signedIn, file: link, overwrite: false }), /already/);

  await exportRemoteAuth({ login: signedIn, file, overwrite: true });
  assert.match(readFileSync(file, 'utf8'), /the-cosy-key/);
  assertPrivate(file);
});

test('without a login nothing is written, and what to do is said', async () => {
  const file = newName('json');
  const nobody = createLoginSource({ authFile: join(folder, 'none.json') });
  await assert.rejects(exportRemoteAuth({ login: nobody, file, overwrite: true }), {
    kind: 'login-required',
  });
  assert.equal(existsSync(file), false);
});

test('a folder that does not exist is named', async () => {
  const file = join(folder, 'no', 'such', 'file.json');
  for (const overwrite of [false, true]) {
    await assert.rejects(exportRemoteAuth({ login: signedIn, file, overwrite }), /its folder does not exist/);
  }
});

test('of several logins, the one that remote_auth_pick means is exported', async (t: TestContext) => {
  const computer = pretendComputer(t);
  const put = (root: string, uid: string, expire_time: number) => {
    computer.write(join(root, 'cache', 'id'), machineId);
    computer.write(join(root, 'cache', 'user'), encrypted({ ...plainLogin, uid, expire_time }));
  };
  put('.qodercn', 'short', computer.time + 3_600_000);
  put('.lingma', 'long', computer.time + 7_200_000);
  for (const [pick, uid] of [
    ['auto', 'short'],
    ['longest', 'long'],
  ] as const) {
    const file = newName('json');
    await exportRemoteAuth({ login: createLoginSource({ computer, pick }), file, overwrite: false });
    assert.equal((await createLoginSource({ computer, authFile: file }).read()).userId, uid);
  }
});

describe('a server bundle', () => {
  const baseUrl = (url: string, source: string): BaseUrlSource => ({
    read: async () => ({ url, source }),
    current: () => undefined,
  });

  async function bundle(options: { argv?: readonly string[]; url?: BaseUrlSource } = {}) {
    const file = newName('zip');
    const { settings } = loadSettings({ argv: options.argv ?? [], env: {}, cwd: '/work', home: '/home/ann' });
    const url = options.url ?? baseUrl('https://found.example', '/home/ann/.lingma/config.json');
    await exportServerBundle({
      login: signedIn,
      baseUrl: url,
      settings,
      version: '1.2.3',
      file,
      overwrite: false,
    });
    const zip = readFileSync(file);
    const texts = Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)] as const);
    const text = (name: string) => new Map(texts).get(name) ?? assert.fail(`no ${name}`);
    return { file, zip, names: texts.map(([name]) => name), text };
  }

  test('holds what a server needs, each file its owner’s alone, as the zip is', async () => {
    const { file, zip, names } = await bundle();
    assert.deepEqual(names, [
      'credentials.json',
      'api-key',
      'lingma-proxy.json',
      'docker-compose.yml',
      'README.md',
    ]);
    assertPrivate(file);
    assert.deepEqual(
      unixModes(zip),
      names.map(() => 0o100600),
    );
  });

  test('its settings load as they stand, with the login and a new key beside them', async () => {
    const { text } = await bundle();
    const { settings, warnings, configFile } = loadSettings({
      argv: ['--config', '/bundle/lingma-proxy.json'],
      env: {},
      cwd: '/',
      home: '/nonexistent',
      platform: 'linux',
      readFile: (path) => text(path.replace('/bundle/', '')),
    });
    assert.equal(configFile, '/bundle/lingma-proxy.json');
    assert.deepEqual(warnings, []);
    assert.equal(settings.host, '127.0.0.1');
    assert.equal(settings.remoteAuthFile, '/bundle/credentials.json');
    assert.equal(settings.remoteBaseUrl, 'https://found.example');
    assert.ok(settings.apiKey.length >= 43);
    const other = await bundle();
    assert.notEqual(text('api-key'), other.text('api-key'));
  });

  test('takes over what makes sense on a server, and nothing of this computer or its keys', async () => {
    const { text } = await bundle({
      argv: [
        ...['--model', 'mmodel', '--model-rules', 'gpt-*=kmodel', '--max-concurrent', '8'],
        ...['--remote-proxy-url', 'http://user:secret@proxy:3128', '--api-key', 'key-of-this-computer'],
        ...['--api-keys', 'ann=key-of-ann', '--cache-dir', '/home/ann/x', '--backend', 'ipc', '--port', '9'],
      ],
      url: baseUrl('https://lingma.alibabacloud.com', 'default'),
    });
    const settings = text('lingma-proxy.json');
    assert.deepEqual(JSON.parse(settings), {
      backend: 'remote',
      remote_auth_file: 'credentials.json',
      api_key_file: 'api-key',
      stop_seconds: 30,
      max_concurrent: 8,
      model: 'mmodel',
      model_rules: [{ pattern: 'gpt-*', model: 'kmodel' }],
    });
  });

  test('its compose file keeps the login out of the image and the port on loopback', async () => {
    const { text } = await bundle();
    const service = z
      .object({
        image: z.string(),
        ports: z.array(z.string()),
        volumes: z.array(z.object({ source: z.string(), target: z.string(), read_only: z.boolean() })),
        command: z.array(z.string()),
      })
      .parse(parseYaml(text('docker-compose.yml')).services['lingma-proxy']);
    assert.equal(service.image, 'lingma-proxy:1.2.3');
    assert.deepEqual(service.ports, ['127.0.0.1:8095:8095']);
    assert.deepEqual(service.volumes, [{ source: '.', target: '/bundle', read_only: true }]);
    assert.deepEqual(service.command, ['--config', '/bundle/lingma-proxy.json']);
  });

  test('its README warns, tells when the login ends, and what does not work without a runtime', async () => {
    const { text } = await bundle();
    const readme = text('README.md');
    assert.match(readme, /This folder is a password/);
    assert.match(readme, /2099-04-30/);
    assert.match(readme, /`"backend": "ipc"` \| does not work/);
    for (const name of ['credentials.json', 'api-key', 'lingma-proxy.json']) assert.ok(readme.includes(name));
  });

  test('no text but the two files for it holds a secret', async () => {
    const { names, text } = await bundle();
    for (const name of names.filter((each) => each !== 'credentials.json')) {
      for (const secret of [login.cosyKey, login.encryptUserInfo, login.machineId]) {
        assert.ok(!text(name).includes(secret), name);
      }
      if (name !== 'api-key') assert.ok(!text(name).includes(text('api-key').trim()), name);
    }
  });
});

test('the warning names the file, what it is worth and until when', () => {
  const warning = secretWarning('/x/credentials.json', expiresAt, english).join('\n');
  assert.match(warning, /PASSWORD: \/x\/credentials\.json/);
  assert.match(warning, /until 2099-04-30/);
  assert.match(warning, /never commit/);
});

/** The Unix file modes of a zip's entries, from its central directory (APPNOTE 4.3.12). */
function unixModes(zip: Buffer): number[] {
  const modes: number[] = [];
  let at = zip.readUInt32LE(zip.length - 22 + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    modes.push(zip.readUInt32LE(at + 38) >>> 16);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return modes;
}
