import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSimulator } from '../../src/demo/simulator.ts';
import { runClient } from '../clients/client-run.ts';

// The built command line as a process of its own. `npm run build` comes before.

const cli = process.env['LINGMA_TEST_CLI'] ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;

test('lingma-proxy doctor tells people or programs, in their language, and ends with what it comes to', async (t) => {
  const simulator = await startSimulator();
  t.after(() => simulator.close());
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runClient(node, [cli, 'doctor', '--port', '0', ...args], {
      cwd: simulator.home,
      env: { ...simulator.environment, ...env },
    });

  const fine = await run([]);
  assert.deepEqual([fine.code, fine.stderr], [0, '']);
  assert.match(fine.stdout, /^Lingma Proxy \S+ · doctor\n\nSettings\n {2}✓ /);
  assert.match(fine.stdout, /login ✓ → base URL ✓ → model list ✓ → text ✓ → tools ✓ → images ✓/);
  assert.match(fine.stdout, /Nothing to put right\.\n$/);

  simulator.expireLogin();
  const chinese = await run(['--no-requests'], { LC_ALL: 'zh_CN.UTF-8' });
  assert.deepEqual([chinese.code, chinese.stderr], [2, '']);
  assert.match(chinese.stdout, /第一个断开的环节：登录。.*已过期/);
  const json = await run(['--json']);
  assert.deepEqual([json.code, json.stderr], [2, '']);
  const { broken } = JSON.parse(json.stdout) as { broken: unknown };
  assert.deepEqual(broken, { link: 'login', finding: 'login.expired' });

  const help = await run(['--help']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  assert.match(help.stdout, /--no-requests/);
  const mistyped = await run(['--jsonn']);
  assert.deepEqual([mistyped.code, mistyped.stdout], [2, '']);
  assert.match(mistyped.stderr, /--jsonn/);
  assert.deepEqual(simulator.violations, []);
});
