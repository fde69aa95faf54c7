import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.cache', 'clients');

/** The folder with the clients' executables, installed there at their pinned versions; or why they cannot be had here. */
export function installClients(): { readonly bin: string } | { readonly missing: string } {
  const bin = join(folder, 'node_modules', '.bin');
  const wanted = ['claude', 'codex', 'opencode'];
  if (wanted.every((name) => existsSync(join(bin, name)))) return { bin };
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(import.meta.dirname, file), join(folder, file));
  }
  // Not `npm ci`: some platforms' optional packages of these clients are missing from registries, which it refuses.
  const { status, stderr } = spawnSync('npm', ['install', '--no-save'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) return { missing: `the clients cannot be installed here: ${stderr.slice(-300)}` };
  return { bin };
}
