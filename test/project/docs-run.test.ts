import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { runClient } from '../clients/client-run.ts';
import { cli, type ProxyProcess, startProxyProcess } from '../clients/proxy-process.ts';
import { allPages } from './markdown-page.ts';

// Blocks that are marked `run` are run as they stand: in a shell, by the built command line, in front of a simulated Lingma.
const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;
const hasShell = process.platform !== 'win32' && spawnSync('curl', ['--version']).status === 0;
const skip = hasShell ? false : 'there is no shell with curl here';

let simulator: Simulator;
let proxy: ProxyProcess;
let folder: string;
before(async () => {
  if (!hasShell) return;
  simulator = await startSimulator();
  proxy = await startProxyProcess([], simulator.environment);
  folder = mkdtempSync(join(tmpdir(), 'lingma-docs-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'lingma-proxy'), `#!/bin/sh\nexec "${node}" "${cli}" "$@"\n`);
  chmodSync(join(bin, 'lingma-proxy'), 0o755);
});
after(async () => {
  if (!hasShell) return;
  await proxy.stop();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const { marks, text, where } of allPages().flatMap(({ blocks }) => blocks)) {
  if (!marks.includes('run')) continue;
  test(`the commands at ${where} do what they should`, { skip }, async () => {
    const { port } = new URL(proxy.url);
    const script = `set -e\n${text.replaceAll('8095', port).replaceAll(/\bcurl\b/g, 'curl --fail-with-body')}`;
    const { code, stdout, stderr } = await runClient('bash', ['-c', script], {
      cwd: folder,
      env: {
        ...simulator.environment,
        LINGMA_PROXY_PORT: port,
        PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
      },
    });
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    assert.notEqual(stdout.trim(), '');
  });
}
