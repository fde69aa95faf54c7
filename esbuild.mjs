// Builds what ships: the extension and the command line, each one CommonJS file that runs on Node 20.
import { chmod, readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const version = (await readFile('VERSION', 'utf8')).trim();

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { cli: 'src/cli/main.ts', extension: 'src/extension/extension.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.18',
  format: 'cjs',
  external: ['vscode', 'sharp', 'bufferutil', 'utf-8-validate'],
  define: { LINGMA_PROXY_VERSION: JSON.stringify(version) },
  sourcemap: process.argv.includes('--sourcemap'),
  minifySyntax: true,
  legalComments: 'linked',
  logLevel: 'warning',
});
await chmod('dist/cli.js', 0o755);
