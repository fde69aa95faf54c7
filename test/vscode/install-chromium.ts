import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const debianChromium = '/usr/bin/chromium';
/** Fonts that hold emoji, and the signs that programs in terminals draw with. */
const fonts = [
  '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf',
  '/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf',
];

/**
 * The path of a Chromium: the one named by `LINGMA_TEST_CHROMIUM`, Debian's, or Playwright's own; or why there is none. As root on
 * Debian it is installed first, with fonts that hold Chinese, emoji and symbols, so that no picture shows a box in place of a character.
 */
export function installChromium(): { readonly path: string } | { readonly missing: string } {
  const found = [process.env['LINGMA_TEST_CHROMIUM'], debianChromium, chromium.executablePath()].find(
    (path) => path !== undefined && existsSync(path),
  );
  const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (found !== undefined && (fonts.every((font) => existsSync(font)) || !mayInstall)) return { path: found };
  if (!mayInstall)
    return { missing: 'there is no Chromium: install one, or name it with LINGMA_TEST_CHROMIUM' };
  const problem = installPackages([
    ...(found === undefined ? ['chromium'] : []),
    ...['fonts-dejavu-core', 'fonts-noto-cjk', 'fonts-noto-color-emoji', 'fonts-symbola'],
  ]);
  // With a browser, only pictures miss something.
  if (found === undefined && problem !== undefined) return { missing: problem };
  return { path: found ?? debianChromium };
}

/** Installs Debian packages; what went wrong, if anything. */
function installPackages(packages: readonly string[]): string | undefined {
  console.log(`Installing ${packages.join(', ')} with apt-get.`);
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) return `${packages[0]} cannot be installed with apt-get: ${stderr?.slice(-300)}`;
  }
  return undefined;
}
