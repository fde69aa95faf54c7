import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyHost } from '../../src/extension/proxy/proxy-host.ts';
import type { RunMode, RunningProxy } from '../../src/extension/proxy/running-proxy.ts';
import { StartFailure } from '../../src/extension/proxy/start-failure.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';

/** A stage on which each launch is watched, and may be told to fail. */
function stage() {
  const events: string[] = [];
  const failures: Error[] = [];
  const recorder = new Recorder({ redactor: new Redactor() });
  const launch = async (mode: RunMode): Promise<RunningProxy> => {
    events.push(`launch ${mode}`);
    await Promise.resolve();
    const failure = failures.shift();
    if (failure) throw failure;
    const proxy = { requests: recorder, onChange: () => () => events.push('unsubscribe') };
    return {
      mode,
      url: 'http://127.0.0.1:1',
      proxy: proxy as unknown as RunningProxy['proxy'],
      relation: 'own',
      owner: { kind: 'window', version: '1.0.0', pid: 1 },
      applySettings: async () => ['port'],
      close: async (_ending, graceMs) =>
        void events.push(`close ${mode}${graceMs === undefined ? '' : ` ${graceMs}`}`),
    };
  };
  const host = new ProxyHost(launch);
  const states: string[] = [];
  host.onChange(() => states.push(host.state.kind));
  return { host, events, failures, states, recorder };
}

test('it starts once, however often it is asked to', async () => {
  const { host, events, states } = stage();
  await Promise.all([host.start(), host.start()]);
  assert.equal(host.running?.url, 'http://127.0.0.1:1');
  assert.deepEqual(events, ['launch usual']);
  assert.deepEqual(states, ['stopped', 'starting', 'running']);
});

test('a stop asked for while it starts comes after the start', async () => {
  const { host, events } = stage();
  const started = host.start();
  const stopped = await host.stop(250);
  await started;
  assert.equal(stopped.kind, 'stopped');
  assert.deepEqual(events, ['launch usual', 'unsubscribe', 'close usual 250']);
});

test('a failure says why, and the next start tries again', async () => {
  const { host, failures } = stage();
  failures.push(new StartFailure('Port 8095 is taken.', 'another-port'));
  const state = await host.start();
  assert.ok(state.kind === 'failed');
  assert.equal(state.failure.message, 'Port 8095 is taken.');
  assert.equal(state.failure.remedy, 'another-port');
  assert.equal((await host.start()).kind, 'running');
});

test('whatever else is thrown is a failure too, with the log as its remedy', async () => {
  const { host, failures } = stage();
  failures.push(new TypeError('no'));
  const state = await host.start();
  assert.ok(state.kind === 'failed');
  assert.equal(state.failure.remedy, 'log');
});

test('a restart keeps the mode, and the other mode replaces what runs', async () => {
  const { host, events } = stage();
  await host.start('demo');
  await host.restart();
  await host.start('usual');
  assert.deepEqual(
    events.filter((event) => event !== 'unsubscribe'),
    ['launch demo', 'close demo', 'launch demo', 'close demo', 'launch usual'],
  );
});

test('changed settings that need a restart are remembered until there was one', async () => {
  const { host } = stage();
  await host.start();
  const settings = {} as Parameters<typeof host.applySettings>[0];
  assert.deepEqual(await host.applySettings(settings), ['port']);
  assert.ok(host.state.kind === 'running');
  assert.deepEqual(host.state.needRestart, ['port']);
  await host.restart();
  assert.ok(host.state.kind === 'running');
  assert.deepEqual(host.state.needRestart, []);
});

test('requests are told of when they begin and end, and no more once it has stopped', async () => {
  const { host, recorder, states } = stage();
  const ended: string[] = [];
  host.onRequestEnded(({ request, mode }) => ended.push(`${mode} ${request.path}`));
  await host.start('demo');
  const before = states.length;
  const recording = recorder.begin({ method: 'POST', path: '/v1/messages', headers: {} });
  assert.equal(states.length, before + 1);
  assert.deepEqual(ended, []);
  recording.finish();
  assert.deepEqual(ended, ['demo /v1/messages']);
  await host.stop();
  recorder.begin({ method: 'POST', path: '/v1/messages', headers: {} }).finish();
  assert.equal(ended.length, 1);
});
