// Writes package-lock.json anew: `npm run lock`, after a dependency has changed.
// Two things are done that npm does not do: download addresses are left out (they name a registry), and platform packages that
// the registry at hand lacks are named all the same, without which `npm ci` refuses the lock.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNpm } from '../test/toolchain/node.mjs';

const platform =
  /(android|darwin|freebsd|linux|openharmony|win32|windows)(?:-(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64))?/;

/** What npm needs to know of a package that it must not install here. */
function stub(name, version, isDevelopment) {
  const [, system, cpu] = platform.exec(name) ?? [];
  const isWasm = name.includes('wasm32');
  return {
    version: version.replace(/^[~^=]/, ''),
    ...(isDevelopment ? { dev: true } : {}),
    optional: true,
    ...(isWasm ? { cpu: ['wasm32'] } : cpu ? { cpu: [cpu] } : {}),
    ...(system && !isWasm ? { os: [system.replace('windows', 'win32')] } : {}),
    ...(name.includes('musl')
      ? { libc: ['musl'] }
      : system === 'linux' && name.includes('gnu')
        ? { libc: ['glibc'] }
        : {}),
  };
}

// In an empty folder: packages that are installed already would hide others from npm.
const folder = mkdtempSync(join(tmpdir(), 'lock-'));
copyFileSync('package.json', join(folder, 'package.json'));
const { status } = runNpm(['install', '--package-lock-only', '--ignore-scripts'], {
  cwd: folder,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
rmSync(folder, { recursive: true });

const packages = lock.packages;
for (const [path, entry] of Object.entries(packages)) {
  delete entry.resolved;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const isNamed = `${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages;
    if (!isNamed) packages[`node_modules/${name}`] = stub(name, version, entry.dev);
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([one], [other]) => (one < other ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
