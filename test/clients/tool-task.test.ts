import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { scriptedBrain } from '../../src/demo/scripted-brain.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { installClients } from './installed-clients.ts';
import { type ProxyProcess, startProxyProcess } from './proxy-process.ts';
import { realClients } from './real-clients.ts';

const clients = installClients();
const skip = 'missing' in clients ? clients.missing : false;
const report = 'The colour is blue now. 完成 ✅';

for (const backend of ['remote', 'ipc']) {
  describe(`over ${backend}`, { skip }, () => {
    let simulator: Simulator;
    let proxy: ProxyProcess;
    before(async () => {
      simulator = await startSimulator();
      proxy = await startProxyProcess(['--backend', backend], simulator.environment);
    });
    after(async () => {
      await proxy?.stop();
      await simulator?.close();
    });

    for (const client of realClients) {
      test(`${client.name} reads a file, changes it, runs a command and reports`, async () => {
        assert.ok('bin' in clients);
        const folder = mkdtempSync(join(tmpdir(), 'real-client-'));
        const [workspace, home] = [join(folder, 'workspace'), join(folder, 'home')];
        for (const path of [workspace, home]) mkdirSync(path);
        const notes = join(workspace, 'notes.txt');
        writeFileSync(notes, 'The colour is red.\n');
        const marker = `task-${client.name.replaceAll(' ', '-')}-${backend}`;
        simulator.setBrain(scriptedBrain({ marker, steps: [...client.steps(workspace), { text: report }] }));

        const run = await client.run({
          bin: clients.bin,
          proxyUrl: proxy.url,
          prompt: `(${marker}) Read notes.txt, change red to blue in it, print it with a command, and report.`,
          workspace,
          home,
        });

        const story = `${run.stdout.slice(-3_000)}\n${run.stderr.slice(-2_000)}\n${proxy.output().slice(-3_000)}`;
        assert.equal(run.code, 0, story);
        assert.equal(readFileSync(notes, 'utf8'), 'The colour is blue.\n', story);
        assert.ok(run.stdout.includes(report), story);
        assert.deepEqual(simulator.violations, []);
        rmSync(folder, { recursive: true, force: true });
      });
    }

    test('nothing is left behind', async () => {
      await proxy.stop();
      await simulator.until(() => simulator.ipc.sessions.size === 0, 'all sessions are deleted');
      assert.deepEqual(simulator.violations, []);
    });
  });
}
