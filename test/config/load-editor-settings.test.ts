import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadEditorSettings } from '../../src/config/load-editor-settings.ts';
import { SettingsError } from '../../src/config/settings-error.ts';

interface Given {
  readonly editor?: Readonly<Record<string, unknown>>;
  readonly apiKey?: string;
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function load({ editor = {}, apiKey, folder, env = {}, files = {} }: Given) {
  return loadEditorSettings({
    valueOf: (name) => editor[name],
    apiKey,
    workspaceFolder: folder,
    env,
    home: '/home/me',
    platform: 'linux',
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
      return text;
    },
  });
}

test('what is set in the editor wins over the environment, and that over the file in the home folder', () => {
  const files = { '/home/me/lingma-proxy.json': '{"port": 1, "model": "file", "mode": "file"}' };
  const env = { LINGMA_PROXY_PORT: '2', LINGMA_PROXY_MODEL: 'environment' };
  const { settings, configFile, origins } = load({ editor: { port: 3 }, env, files });
  assert.equal(settings.port, 3);
  assert.equal(settings.model, 'environment');
  assert.equal(settings.mode, 'file');
  assert.equal(configFile, '/home/me/lingma-proxy.json');
  assert.deepEqual(origins.port, { kind: 'editor', name: 'setting lingmaProxy.port' });
});

test('a file in the opened folder has no say', () => {
  const files = { '/work/lingma-proxy.json': '{"host": "0.0.0.0", "api_key": "x"}' };
  assert.equal(load({ folder: '/work', files }).settings.host, '127.0.0.1');
});

test('empty texts and null are as if they were not set', () => {
  const env = { LINGMA_REMOTE_BASE_URL: 'https://example.org' };
  assert.equal(
    load({ editor: { remoteBaseUrl: '', host: null }, env }).settings.remoteBaseUrl,
    'https://example.org',
  );
});

test('the runtime is told of the opened folder unless something else is set', () => {
  assert.equal(load({ folder: '/work' }).settings.cwd, '/work');
  assert.equal(load({}).settings.cwd, '/home/me');
  assert.equal(load({ folder: '/work', editor: { cwd: '~/here' } }).settings.cwd, '/home/me/here');
});

test('the API key comes from the secret storage and never from a setting', () => {
  assert.equal(load({ editor: { apiKey: 'setting' } }).settings.apiKey, '');
  assert.equal(load({ apiKey: 'secret', env: { LINGMA_PROXY_API_KEY: 'weaker' } }).settings.apiKey, 'secret');
});

test('a wrong value is named with the setting that holds it', () => {
  assert.throws(
    () => load({ editor: { port: 'x' } }),
    (error) => error instanceof SettingsError && /VS Code setting lingmaProxy\.port: "x"/.test(error.message),
  );
});
