import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program, which as root on Debian is installed first where need be; or why there is none. */
export function debianProgram(
  program: string,
  packageName: string,
): { readonly path: string } | { readonly missing: string } {
  const found = find(program);
  if (found !== undefined) return { path: found };
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return { missing: `there is no ${program}: install it` };
  }
  console.log(`Installing ${packageName} with apt-get.`);
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', packageName]]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      // In run level 1 no service is started: the tests start their own.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
    if (status !== 0)
      return { missing: `${program} cannot be installed with apt-get: ${stderr?.slice(-300)}` };
  }
  const installed = find(program);
  return installed === undefined ? { missing: `${packageName} holds no ${program}` } : { path: installed };
}

function find(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
