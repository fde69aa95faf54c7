import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Brain } from '../../src/demo/brain.ts';
import { defaultBrain } from '../../src/demo/default-brain.ts';
import type { Finding } from '../../src/doctor/findings.ts';
import { exitCodeOf } from '../../src/doctor/report.ts';
import { runDoctor } from '../../src/doctor/run-doctor.ts';
import { createProxy } from '../../src/proxy.ts';
import { canaries, idsOf, Patient } from './patient.ts';

/** Sees the colour of the picture; else as usual. */
const seeingBrain: Brain = async (request) => {
  const seesImage = request.backend === 'ipc' && request.images.length > 0;
  return seesImage ? { parts: [{ text: 'It is red. 红色' }] } : defaultBrain(request);
};

function healthyPatient(): Promise<Patient> {
  return Patient.start({ brain: seeingBrain });
}

for (const backend of ['remote', 'ipc'] as const) {
  test(`a healthy set-up of the backend ${backend} is fine in every link, and nothing is left behind`, async (t) => {
    const patient = await healthyPatient();
    t.after(() => patient.close());
    const { simulator } = patient;
    const report = await patient.examine({ argv: ['--backend', backend] });

    assert.equal(exitCodeOf(report), 0);
    assert.equal(report.broken, undefined);
    assert.deepEqual(new Set(report.chain.map(({ state }) => state)), new Set(['holds']));
    const works = report.findings.filter(({ id }) => id.endsWith('.works'));
    assert.deepEqual(
      works.map(({ id, values }) => [id, 'api' in values ? values.api : '']),
      ['text.works', 'tools.works', 'images.works'].flatMap((id) => [
        [id, 'chat-completions'],
        [id, 'responses'],
        [id, 'messages'],
      ]),
    );
    await simulator.until(() => simulator.ipc.sessions.size === 0, 'every session is deleted');
    await simulator.until(
      () => simulator.ipc.openConnections === 0 && simulator.remote.openConnections === 0,
      'every connection is closed',
    );
    assert.deepEqual(simulator.violations, []);
  });
}

test('without requests nothing is asked of a model, and the links before are looked at all the same', async (t) => {
  const patient = await healthyPatient();
  t.after(() => patient.close());
  const report = await patient.examine({ doctor: { requests: false } });
  assert.equal(report.outcome, 'fine');
  assert.ok(idsOf(report, 'note').includes('requests.left-out'));
  const states = Object.fromEntries(report.chain.map(({ link, state }) => [link, state]));
  assert.deepEqual([states['models'], states['text'], states['images']], ['holds', 'skipped', 'skipped']);
  assert.equal(patient.simulator.remote.chatsEver, 0);
  assert.equal(patient.simulator.ipc.promptsEver, 0);
});

test('a proxy that runs is asked as it is, with its own backend', async (t) => {
  const patient = await healthyPatient();
  t.after(() => patient.close());
  const { settings } = patient.load(['--backend', 'ipc', '--port', '0', '--api-key', canaries.apiKey]);
  const proxy = createProxy(settings, { version: '0.0.0-test', computer: patient.computer });
  const url = await proxy.start();
  patient.later(() => proxy.stop(0));

  for (const how of [
    { argv: ['--port', new URL(url).port] },
    { argv: ['--port', '18095'], doctor: { runningUrl: url } },
  ]) {
    const report = await patient.examine(how);
    assert.equal(report.backend, 'ipc');
    assert.equal(report.outcome, 'fine');
    assert.ok(idsOf(report, 'ok').includes('port.ours'));
    assert.ok(idsOf(report, 'note').includes('port.other-backend'));
  }
  const asked = proxy.requests.summaries(100).filter(({ client }) => client === 'Lingma Proxy');
  assert.equal(asked.filter(({ state }) => state === 'done').length, asked.length);
  assert.ok(asked.length >= 24, `${asked.length} requests went through the running proxy`);
});

test('a proxy with named keys alone is asked with one of them, and no key shows', async (t) => {
  const patient = await healthyPatient();
  t.after(() => patient.close());
  const keys = ['--api-key', '', '--api-keys', 'ann=canary-of-ann-0123456789'];
  const { settings } = patient.load([...keys, '--port', '0']);
  const proxy = createProxy(settings, { version: '0.0.0-test', computer: patient.computer });
  const url = await proxy.start();
  patient.later(() => proxy.stop(0));
  const report = await patient.examine({ argv: [...keys, '--port', new URL(url).port] });
  assert.equal(report.outcome, 'fine');
  assert.ok(idsOf(report, 'ok').includes('port.ours'));
  assert.doesNotMatch(JSON.stringify(report), /canary-of-ann/);
});

test('findings are told while the diagnosis goes on, which can be ended', async (t) => {
  const patient = await healthyPatient();
  t.after(() => patient.close());
  const told: Finding[] = [];
  const stop = new AbortController();
  const reason = new Error('enough');
  const options = {
    settings: patient.load(['--port', '0']),
    version: '0.0.0-test',
    requests: true,
    signal: stop.signal,
    computer: patient.computer,
  };
  const ended = runDoctor(options, (finding) => {
    told.push(finding);
    if (finding.section === 'login') stop.abort(reason);
  });
  await assert.rejects(ended, reason);
  assert.ok(told.some(({ section }) => section === 'login'));
  assert.ok(!told.some(({ section }) => section === 'requests'));
  assert.equal(patient.simulator.remote.chatsEver, 0);
});
