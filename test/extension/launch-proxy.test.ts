import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type EditorSettings, loadEditorSettings } from '../../src/config/load-editor-settings.ts';
import { english } from '../../src/core/localizer.ts';
import { launchProxy } from '../../src/extension/proxy/launch-proxy.ts';
import { listenFailure } from '../../src/extension/proxy/listen-failure.ts';
import { StartFailure } from '../../src/extension/proxy/start-failure.ts';

const stateDirectory = mkdtempSync(join(tmpdir(), 'lingma-launch-'));
after(() => rmSync(stateDirectory, { recursive: true }));

function launching(editor: Readonly<Record<string, unknown>>) {
  return {
    loadSettings: async (): Promise<EditorSettings> =>
      loadEditorSettings({
        valueOf: (name) => editor[name],
        apiKey: undefined,
        workspaceFolder: undefined,
        env: {},
        home: '/nowhere',
      }),
    show: () => {},
    l10n: english,
    stateDirectory,
    keepRunning: () => false,
    detachedScript: '/nowhere',
    onAsked: () => {},
  };
}

test('a demo answers without an account, whatever the settings lead to, and leaves nothing behind', async () => {
  const editor = { port: 0, remoteBaseUrl: 'http://127.0.0.1:9', remoteAuthFile: '/nowhere' };
  const run = await launchProxy('demo', launching(editor));
  assert.equal(run.mode, 'demo');
  const answer = await fetch(`${run.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'kmodel', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  assert.equal(answer.status, 200);
  const { loginSource } = run.proxy.state();
  assert.ok(loginSource !== null && existsSync(loginSource));
  await run.close('closing');
  assert.equal(existsSync(loginSource), false);
  await assert.rejects(fetch(`${run.url}/health`));
});

test('changed settings do not lead a demo elsewhere', async () => {
  const run = await launchProxy('demo', launching({ port: 0 }));
  const { settings } = await launching({
    port: 0,
    remoteBaseUrl: 'http://127.0.0.1:9',
    model: 'm',
  }).loadSettings();
  assert.deepEqual(await run.applySettings(settings), []);
  assert.equal(run.proxy.settings.model, 'm');
  assert.equal(run.proxy.settings.remoteBaseUrl, '');
  await run.close('closing');
});

test('a port that is taken fails the start, with another port as the remedy', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  assert.ok(typeof address === 'object' && address !== null);
  const start = launchProxy('usual', launching({ port: address.port }));
  await assert.rejects(start, (error) => {
    assert.ok(error instanceof StartFailure);
    assert.equal(error.remedy, 'another-port');
    assert.match(error.message, new RegExp(`^Port ${address.port} on 127\\.0\\.0\\.1 is taken by .`));
    return true;
  });
  holder.close();
});

test('wrong settings fail the start with what is wrong', async () => {
  await assert.rejects(launchProxy('usual', launching({ port: 'x' })), {
    remedy: 'settings',
    message: /lingmaProxy\.port/,
  });
});

test('an address of another computer is told as such', async () => {
  const { settings } = await launching({}).loadSettings();
  const error = Object.assign(new Error(), { code: 'EADDRNOTAVAIL' });
  const failure = await listenFailure(error, { ...settings, host: '192.0.2.1' }, english);
  assert.equal(failure.remedy, 'settings');
  assert.match(failure.message, /192\.0\.2\.1 is not an address of this computer/);
});
