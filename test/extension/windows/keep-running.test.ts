import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Settings } from '../../../src/config/settings.ts';
import { detachedEnvironment, startDetached } from '../../../src/extension/proxy/start-detached.ts';
import { ask, detachedScript, Person, relations, until } from './windows.ts';

async function keepingPerson(context: TestContext): Promise<Person> {
  const person = await Person.begin(context);
  person.keepRunning = true;
  return person;
}

test('kept running, the proxy outlives all windows, and Stop in a later one ends it', async (context) => {
  const person = await keepingPerson(context);
  const windows = await person.openWindows(3);
  assert.deepEqual(relations(windows), ['attached', 'attached', 'attached']);
  const pids = new Set(windows.map(({ running }) => running.owner.pid));
  assert.equal(pids.size, 1);
  const [pid = 0] = pids;
  assert.notEqual(pid, process.pid);
  const url = `http://127.0.0.1:${person.port}`;
  for (const window of windows) await window.close();
  assert.equal(await ask(url, 'Nobody is at home'), 200);

  const [later] = await person.openWindows(1);
  assert.ok(later);
  assert.deepEqual(later.running.owner, { kind: 'detached', version: later.running.owner.version, pid });
  assert.equal(later.running.proxy.requests.summaries(10).length, 1);
  await later.host.stop();
  await until(() => !isAlive(pid), 'the process has ended');
  await assert.rejects(fetch(`${url}/health`));
  assert.deepEqual(readdirSync(person.ownerFiles).sort(), [
    'credentials.json',
    `keep-running-${person.port}.log`,
  ]);
});

test('its log is kept in a file, and holds no secret', async (context) => {
  const person = await keepingPerson(context);
  person.settings['host'] = '127.0.0.1';
  const [window] = await person.openWindows(1);
  assert.ok(window);
  await ask(window.running.url, 'Hello');
  await window.until(({ log }) => log.some((line) => line.includes('POST /v1/chat/completions')));
  const log = readFileSync(join(person.ownerFiles, `keep-running-${person.port}.log`), 'utf8');
  assert.match(log, /info req_\w+ POST \/v1\/chat\/completions → 200/);
  assert.ok(!log.includes(person.simulator.login.key));
});

test('a proxy that was killed is back as soon as a window notices', async (context) => {
  const person = await keepingPerson(context);
  const windows = await person.openWindows(2);
  const former = windows.map(({ running }) => running);
  const pid = former[0]?.owner.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await Promise.all(
    windows.map((window, index) =>
      window.until(({ host }) => host.running && host.running !== former[index]),
    ),
  );
  assert.deepEqual(relations(windows), ['attached', 'attached']);
  const owners = new Set(windows.map(({ running }) => running.owner.pid));
  assert.equal(owners.size, 1);
  assert.ok(!owners.has(pid));
  assert.equal(await ask(`http://127.0.0.1:${person.port}`, 'Hello'), 200);
});

test('the choice moves a running proxy out of its window, and back into one', async (context) => {
  const person = await Person.begin(context);
  const [first] = await person.openWindows(1);
  const [second] = await person.openWindows(1);
  assert.ok(first && second);
  const windows = [first, second];
  const { url } = first.running;

  person.keepRunning = true;
  assert.equal((await first.host.restart()).kind, 'running');
  await second.until(({ host }) => host.running?.owner.kind === 'detached');
  assert.deepEqual(relations(windows), ['attached', 'attached']);
  const { pid } = first.running.owner;

  person.keepRunning = false;
  await Promise.all(windows.map(({ host }) => host.restart()));
  for (const window of windows) await window.until(({ host }) => host.running?.owner.kind === 'window');
  assert.deepEqual(relations(windows), ['attached', 'own']);
  assert.equal(first.running.url, url);
  await until(() => !isAlive(pid), 'the process has ended');
});

test('of a proxy in a process of its own, settings that need a restart are told, and it gets them with one', async (context) => {
  const person = await keepingPerson(context);
  const windows = await person.openWindows(2);
  const [window] = windows;
  assert.ok(window);
  const { pid } = window.running.owner;
  person.settings['bodyLimitMegabytes'] = 32;
  person.settings['maxConcurrent'] = 2;
  assert.deepEqual(await window.host.applySettings(window.settings), ['bodyLimitMegabytes']);
  await window.until(({ host }) => host.running?.proxy.settings.maxConcurrent === 2);
  assert.equal(window.running.proxy.settings.bodyLimitMegabytes, 64);
  // As every window notices the change.
  await Promise.all(windows.map(({ host }) => host.restart()));
  for (const { running } of windows) {
    assert.notEqual(running.owner.pid, pid);
    assert.equal(running.proxy.settings.bodyLimitMegabytes, 32);
  }
});

test('a port that another program has is explained as for a window', async (context) => {
  const person = await Person.begin(context);
  const other = await Person.begin(context);
  await other.openWindows(1);
  person.keepRunning = true;
  person.settings['port'] = other.port;
  const state = await person.openWindow().host.start();
  assert.ok(state.kind === 'failed');
  assert.equal(state.failure.remedy, 'another-port');
  assert.match(state.failure.message, /is taken by another Lingma Proxy/);
});

test('it does not start with settings that it does not understand', async (context) => {
  const person = await Person.begin(context);
  const settings = { ...person.openWindow().settings, apiKeys: 'keys of tomorrow' } as unknown as Settings;
  const { stateDirectory } = person;
  await assert.rejects(startDetached(settings, person.port, { stateDirectory, detachedScript }), {
    message: 'The settings that were handed over are not those of this version.',
  });
});

test('it asks for the same keys as a window would', async (context) => {
  const person = await keepingPerson(context);
  person.settings['apiKeys'] = { ci: { key: 'a-key-that-is-long-enough', max_concurrent: 2 } };
  const [window] = await person.openWindows(1);
  assert.ok(window);
  const models = (headers: Record<string, string>) => fetch(`${window.running.url}/v1/models`, { headers });
  assert.equal((await models({})).status, 401);
  assert.equal((await models({ authorization: 'Bearer a-key-that-is-long-enough' })).status, 200);
});

test('it does not inherit what belongs to the editor', () => {
  const env = {
    HOME: '/home/me',
    VSCODE_IPC_HOOK: 'x',
    ELECTRON_NO_ATTACH_CONSOLE: '1',
    NODE_OPTIONS: '--x',
  };
  assert.deepEqual(detachedEnvironment(env), { HOME: '/home/me', ELECTRON_RUN_AS_NODE: '1' });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
