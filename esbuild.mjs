// Builds what ships: the extension and the command line, and what both load only when they need it. CommonJS for Node 20.
//   node esbuild.mjs [--sourcemap] [--metafile]   the latter writes dist/meta.json, which https://esbuild.github.io/analyze reads
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { lazyParts, neverRequired, plugins, sharedParts } from './packaging/bundle-parts.mjs';
import { packageFolders, packagesIn, thirdPartyNotices } from './packaging/notices.mjs';

const version = (await readFile('VERSION', 'utf8')).trim();

const sharedEntries = Object.values(sharedParts).map(({ file, source }) => [file, source]);

await rm('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: {
    cli: 'src/cli/main.ts',
    detached: 'src/cli/detached.ts',
    extension: 'src/extension/extension.ts',
    ...lazyParts,
    ...Object.fromEntries(sharedEntries),
  },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.18',
  format: 'cjs',
  // `import()` becomes `require()`, as starting the second module system takes longer than loading the file.
  supported: { 'dynamic-import': false },
  external: ['vscode', 'sharp', 'bufferutil', 'utf-8-validate', ...neverRequired],
  // Its CommonJS form requires parts of itself in a way that no bundler sees.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  plugins,
  define: { LINGMA_PROXY_VERSION: JSON.stringify(version) },
  sourcemap: process.argv.includes('--sourcemap'),
  // Names stay, for stack traces that can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
  // Licences are in THIRD_PARTY_NOTICES.txt, whole.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
await chmod('dist/cli.js', 0o755);
// For the browser of the oldest VS Code in package.json's `engines`.
const webviewOptions = JSON.parse(await readFile('webview-ui/build-options.json', 'utf8'));
const sourcemap = process.argv.includes('--sourcemap');
const webview = await build({ ...webviewOptions, sourcemap, metafile: true });
const bundled = packageFolders([...Object.keys(metafile.inputs), ...Object.keys(webview.metafile.inputs)]);
await writeFile('dist/THIRD_PARTY_NOTICES.txt', thirdPartyNotices(bundled));
// For the bill of materials; it does not ship.
await writeFile('dist/bundled-packages.json', JSON.stringify(packagesIn(bundled)));
if (process.argv.includes('--metafile')) await writeFile('dist/meta.json', JSON.stringify(metafile));
