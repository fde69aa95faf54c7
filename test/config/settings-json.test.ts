import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import { settingsFromJson, settingsWithoutSecrets } from '../../src/config/settings-json.ts';

const { settings: defaults } = resolveSettings([], { cwd: '/', home: '/', platform: 'linux' });

test('settings that went to another process as JSON are the same there, less the secrets', () => {
  const settings = {
    ...defaults,
    port: 9_000,
    modelRules: [{ pattern: 'gpt-*', model: 'kmodel' }],
    allowedOrigins: ['http://localhost:3000'],
    apiKey: 'secret-key',
  };
  const json = JSON.stringify(settingsWithoutSecrets(settings));
  assert.ok(!json.includes('secret-key'));
  const own = { ...defaults, apiKey: 'own-key' };
  assert.deepEqual(settingsFromJson(JSON.parse(json), own), { ...settings, apiKey: 'own-key' });
});

test('what is not known here, or not allowed, changes nothing', () => {
  const json = { port: 'x', backend: 'other', tomorrow: 1, maxConcurrent: 2 };
  assert.deepEqual(settingsFromJson(json, defaults), { ...defaults, maxConcurrent: 2 });
  for (const foreign of [null, 7, 'x', undefined])
    assert.equal(settingsFromJson(foreign, defaults), defaults);
});

test('named keys survive the way to a process of the same person', () => {
  const { settings } = resolveSettings(
    [
      {
        name: 'apiKeys',
        value: { ann: 'key-of-ann', ci: { key: 'key-of-ci', model_rules: [] } },
        origin: { kind: 'default' },
      },
    ],
    { cwd: '/', home: '/', platform: 'linux' },
  );
  assert.equal(settings.apiKeys.length, 2);
  assert.deepEqual(settingsFromJson(JSON.parse(JSON.stringify(settings)), defaults), settings);
});
