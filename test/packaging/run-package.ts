// Tries a package for another kind of computer, by a Node for that computer that an emulator runs:
//   node test/packaging/run-package.ts packages/lingma-proxy-X.Y.Z-linux-arm64.vsix qemu-aarch64 -L /usr/aarch64-linux-gnu /path/to/node
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { commandLine, pictureThatArrives, scaledDown } from './scaled-picture.ts';

const [vsix, program, ...options] = process.argv.slice(2);
if (vsix === undefined || program === undefined) {
  throw new Error('Name a .vsix, and the command that runs Node for it.');
}
const folder = mkdtempSync(join(tmpdir(), 'lingma-package-'));
try {
  for (const [name, content] of Object.entries(unzipSync(readFileSync(vsix)))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const cli = join(folder, 'extension', 'dist', 'cli.js');
  const { stdout, stderr } = spawnSync(program, [...options, cli, '--version'], { encoding: 'utf8' });
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/, stderr);
  const arrived = await pictureThatArrives(commandLine([program, ...options, cli]));
  assert.deepEqual(arrived, scaledDown);
  console.log(`${vsix}: version ${stdout.trim()} runs, and scales a large picture down to 1568 × 784.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
