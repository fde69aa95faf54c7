import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const debianChromium = '/usr/bin/chromium';

/**
 * The path of a Chromium: the one named by `LINGMA_TEST_CHROMIUM`, Debian's, or Playwright's own; or why there is none. As root on
 * Debian it is installed first, with fonts that hold Chinese.
 */
export function installChromium(): { readonly path: string } | { readonly missing: string } {
  const found = [process.env['LINGMA_TEST_CHROMIUM'], debianChromium, chromium.executablePath()].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (found !== undefined) return { path: found };
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return { missing: 'there is no Chromium: install one, or name it with LINGMA_TEST_CHROMIUM' };
  }
  console.log('Installing Chromium with apt-get.');
  const packages = ['chromium', 'fonts-dejavu-core', 'fonts-noto-cjk'];
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) return { missing: `Chromium cannot be installed with apt-get: ${stderr?.slice(-300)}` };
  }
  return { path: debianChromium };
}
