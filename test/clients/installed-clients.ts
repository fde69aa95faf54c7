import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runNpm } from '../toolchain/node.mjs';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.cache', 'clients');
const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

/** The folder with the clients' executables, installed there at their pinned versions; or why they cannot be had here. */
export function installClients(): { readonly bin: string } | { readonly missing: string } {
  const bin = join(folder, 'node_modules', '.bin');
  if (areInstalled()) return { bin };
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(import.meta.dirname, file), join(folder, file));
  }
  // Not `npm ci`: some platforms' optional packages of these clients are missing from registries, which it refuses.
  const { status, stderr } = runNpm(['install', '--no-save'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) return { missing: `the clients cannot be installed here: ${stderr.slice(-300)}` };
  return { bin };
}

/** The version of a client that is installed, or undefined. */
export function installedVersion(packageName: string): string | undefined {
  const file = join(folder, 'node_modules', packageName, 'package.json');
  if (!existsSync(file)) return undefined;
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

function areInstalled(): boolean {
  const text = readFileSync(join(import.meta.dirname, 'package.json'), 'utf8');
  const { dependencies } = manifest.parse(JSON.parse(text));
  return Object.entries(dependencies).every(([name, version]) => installedVersion(name) === version);
}
