import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyLiveSettings } from '../../src/config/changed-settings.ts';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import { withoutLocations } from '../../src/config/without-locations.ts';

const { settings } = resolveSettings([], { cwd: '/', home: '/', platform: 'linux' });

test('live settings are taken over; the others are named and left alone', () => {
  const current = { ...settings };
  const wanted = {
    ...settings,
    backend: 'ipc',
    modelRules: [{ pattern: 'a', model: 'b' }],
    port: 1,
  } as const;
  assert.deepEqual(applyLiveSettings(current, wanted), ['port']);
  assert.equal(current.backend, 'ipc');
  assert.deepEqual(current.modelRules, wanted.modelRules);
  assert.equal(current.port, settings.port);
});

test('equal lists are no change', () => {
  assert.deepEqual(applyLiveSettings({ ...settings }, { ...settings, allowedOrigins: [] }), []);
});

test('a proxy for a simulated Lingma is led nowhere else', () => {
  const led = { ...settings, remoteBaseUrl: 'https://x', remoteAuthFile: '/x', pipe: '/y', port: 5 };
  const { remoteBaseUrl, remoteAuthFile, pipe, port } = withoutLocations(led);
  assert.deepEqual([remoteBaseUrl, remoteAuthFile, pipe, port], ['', '', '', 5]);
});
