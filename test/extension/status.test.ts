import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyError } from '../../src/core/errors.ts';
import { toFailure } from '../../src/core/failure.ts';
import { english, phrase } from '../../src/core/localizer.ts';
import { sourceName } from '../../src/core/login.ts';
import type { Snapshot } from '../../src/extension/status/snapshot.ts';
import { statusBarText } from '../../src/extension/status/status-bar-text.ts';
import { statusLines } from '../../src/extension/status/status-lines.ts';
import { version } from '../../src/version.ts';
import { chinese, englishSentence } from '../chinese-screen.ts';

const usage = { requests: 0, inputTokens: 0, outputTokens: 0, isEstimate: false };
const live: NonNullable<Snapshot['live']> = {
  url: 'http://127.0.0.1:8095',
  relation: 'own',
  owner: { kind: 'window', version: '1.0.0', pid: 7 },
  inFlight: 0,
  needRestart: [],
  state: {
    status: 'ready',
    version: '1.0.0',
    backend: 'remote',
    endpoint: 'https://example.org',
    endpointSource: 'default',
    loginSource: '/home/me/.lingma/cache/user',
    loginExpiresAt: '2026-04-30T03:33:00.000Z',
    modelCount: 7,
    uptimeSeconds: 1,
    running: 0,
    waiting: 0,
  },
};
const running: Snapshot = { kind: 'running', mode: 'usual', live, usage };

const bar = (snapshot: Snapshot) => statusBarText(snapshot, english);
const line = (snapshot: Snapshot, id: string) =>
  statusLines(snapshot, english).find((each) => each.id === id);

test('the status bar tells backend and requests in flight, calmly', () => {
  assert.equal(bar(running).text, '$(radio-tower) Lingma: remote API');
  assert.equal(
    bar({ ...running, live: { ...live, inFlight: 2 } }).text,
    '$(radio-tower) Lingma: remote API · 2',
  );
  assert.equal(bar(running).severity, undefined);
});

test('it spins while starting, and is an error only when the start failed', () => {
  const starting = bar({ kind: 'starting', mode: 'usual', usage });
  assert.match(starting.text, /loading~spin/);
  assert.equal(starting.severity, undefined);
  const failed: Snapshot = { kind: 'failed', mode: 'usual', failure: 'Port 8095 is taken.', usage };
  assert.equal(bar(failed).severity, 'error');
  assert.match(bar(failed).hover, /Port 8095 is taken/);
  assert.equal(bar({ kind: 'stopped', mode: 'usual', usage }).severity, undefined);
});

test('what the proxy waits for is a warning, in its own words', () => {
  const waiting: Snapshot = {
    ...running,
    live: {
      ...live,
      state: { ...live.state, status: 'waiting', problem: { kind: 'login-required', message: 'Sign in.' } },
    },
  };
  assert.equal(bar(waiting).severity, 'warning');
  assert.equal(line(waiting, 'problem')?.value, 'Sign in.');
});

test('what the proxy waits for is in the language of the editor, and so is where an address comes from', () => {
  const problem = toFailure(
    new ProxyError('upstream-unavailable', [
      phrase('Nothing accepts connections at {0} ({1}).', 'example.org', 'ECONNREFUSED'),
      phrase('Check the base URL and the proxy setting.'),
      phrase('The base URL comes from: {0}.', sourceName('environment')),
    ]),
  );
  const waiting: Snapshot = { ...running, live: { ...live, state: { ...live.state, problem } } };
  const lines = statusLines(waiting, chinese);
  assert.equal(
    lines.find(({ id }) => id === 'problem')?.value,
    'example.org 拒绝连接（ECONNREFUSED）。请检查服务地址和代理设置。服务地址的来源：环境变量。',
  );
  assert.equal(lines.find(({ id }) => id === 'upstream')?.detail, '默认');
  for (const { label, value, detail = '' } of lines) {
    assert.equal(englishSentence(`${label}：${value}。${detail}`), undefined);
  }
});

test('a demo says that it is one wherever the proxy is shown', () => {
  const demo: Snapshot = { ...running, mode: 'demo' };
  assert.match(bar(demo).text, /beaker.*demo/);
  assert.ok(line(demo, 'demo'));
  assert.match(bar(demo).hover, /no model and no account/);
});

test('the hover links to commands and shows paths as they are', () => {
  const { hover } = bar({
    ...running,
    live: { ...live, state: { ...live.state, loginSource: '/home/a_b/[x](y)/*|$(bug)' } },
  });
  assert.match(hover, /\(command:lingmaProxy\.copyEndpointUrl\)/);
  assert.ok(hover.includes('/home/a\\_b/\\[x\\]\\(y\\)/\\*\\|\\$\\(bug\\)'), hover);
});

test('login and service are told for the remote API, the runtime for the other backend', () => {
  assert.match(line(running, 'login')?.value ?? '', /2026/);
  assert.equal(line(running, 'upstream')?.label, 'Service');
  const ipc: Snapshot = {
    ...running,
    live: { ...live, state: { ...live.state, backend: 'ipc', endpoint: '' } },
  };
  assert.equal(line(ipc, 'login'), undefined);
  assert.equal(line(ipc, 'upstream')?.label, 'Runtime');
  assert.equal(line(ipc, 'upstream')?.value, 'not found yet');
});

test('the sum of the day says when it is partly an estimate', () => {
  const used = { requests: 3, inputTokens: 12_345, outputTokens: 678, isEstimate: false };
  assert.equal(line({ ...running, usage: used }, 'usage')?.value, '3 requests, 12K tokens in, 678 out');
  assert.equal(
    line({ ...running, usage: { ...used, requests: 1, isEstimate: true } }, 'usage')?.value,
    '1 request, ≈ 12K tokens in, 678 out',
  );
});

test('settings that wait for a restart are named', () => {
  const waiting = line({ ...running, live: { ...live, needRestart: ['port', 'host'] } }, 'restart');
  assert.equal(waiting?.value, 'for port, host');
  assert.equal(waiting?.command, 'restart');
});

test('a proxy of another window, or of a process of its own, says where it runs', () => {
  const attached = (owner: (typeof live)['owner']): Snapshot => ({
    ...running,
    live: { ...live, relation: 'attached', owner },
  });
  assert.equal(line(running, 'owner'), undefined);
  const window = line(attached({ kind: 'window', version, pid: 7 }), 'owner');
  assert.deepEqual([window?.value, window?.detail], ['another window', 'process 7']);
  const detached = line(attached({ kind: 'detached', version, pid: 7 }), 'owner');
  assert.deepEqual([detached?.value, detached?.detail], ['a process of its own', 'process 7; Stop ends it']);
  const older = line(attached({ kind: 'detached', version: '0.0.1', pid: 7 }), 'owner');
  assert.equal(older?.detail, `process 7, version 0.0.1; Restart updates it to ${version}`);
});

test('in a window on another computer, the hover says which one has the port and what clients use', () => {
  const placement = { where: 'WSL', advice: 'Clients inside WSL use http://127.0.0.1:8095.' };
  const remote: Snapshot = { ...running, live: { ...live, placement } };
  assert.equal(line(remote, 'placement')?.value, 'WSL');
  assert.match(bar(remote).hover, /WSL.*Clients inside WSL use http:\/\/127\.0\.0\.1:8095\. \|/);
  assert.equal(line(running, 'placement'), undefined);
});
