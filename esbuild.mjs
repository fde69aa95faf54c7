// Builds what ships: the extension and the command line, and what both load only when they need it. CommonJS for Node 20.
//   node esbuild.mjs [--sourcemap] [--metafile]   the latter writes dist/meta.json, which https://esbuild.github.io/analyze reads
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { packageFolders, packagesIn, thirdPartyNotices } from './packaging/notices.mjs';
import * as zod from './packaging/zod.mjs';

const version = (await readFile('VERSION', 'utf8')).trim();

/**
 * What is imported dynamically is a file of its own, so that a start reads only what it needs: reading is most of the time it
 * takes. What nearly all of them import is one, too.
 */
const lazyParts = {
  'launch-proxy': 'src/extension/proxy/launch-proxy.ts',
  attach: 'src/extension/proxy/attach.ts',
  'start-detached': 'src/extension/proxy/start-detached.ts',
  proxy: 'src/proxy.ts',
  demo: 'src/cli/demo.ts',
  clients: 'src/cli/commands/clients.ts',
  doctor: 'src/cli/commands/doctor.ts',
  'run-doctor': 'src/doctor/run-doctor.ts',
  'doctor-run': 'src/extension/doctor/doctor-run.ts',
  'write-login': 'src/extension/exports/write-login.ts',
  'inspector-panel': 'src/extension/inspector/inspector-panel.ts',
  simulator: 'src/demo/simulator.ts',
  'record-archive': 'src/recording/record-archive.ts',
  'client-connections': 'src/extension/clients/client-connections.ts',
  'create-inspector': 'src/inspection/create-inspector.ts',
  'answer-chat-request': 'src/extension/chat/answer-chat-request.ts',
  'load-editor-settings': 'src/config/load-editor-settings.ts',
  metrics: 'src/server/metrics.ts',
  'export-login': 'src/cli/commands/export-login.ts',
  service: 'src/cli/commands/service.ts',
  'chinese-words': 'src/cli/chinese-words.ts',
  undici: 'packaging/undici.cjs',
  ws: 'ws',
  zod: 'packaging/zod.mjs',
};

/** Zod's names as a module that reads `zod.js` when the first schema is made: starts make none. */
const zodOnDemand = `for (const name of ${JSON.stringify(Object.keys(zod))}) {
  Object.defineProperty(exports, name, { enumerable: true, get: () => require('./zod.js')[name] });
}`;

const lazyImports = {
  name: 'lazy-imports',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\/zod\.js$/ }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: /./ }, ({ kind, path }) => {
      const part = basename(path, '.ts');
      return kind === 'dynamic-import' && Object.hasOwn(lazyParts, part)
        ? { path: `./${part}.js`, external: true }
        : undefined;
    });
    onResolve({ filter: /^zod$/ }, ({ importer }) =>
      basename(importer) === 'zod.mjs' ? undefined : { path: 'zod', namespace: 'on-demand' },
    );
    onLoad({ filter: /./, namespace: 'on-demand' }, () => ({ contents: zodOnDemand }));
  },
};

/** What fastify requires only for features that this program does not use: schemas of routes, its logger, injected requests. */
const unusedByFastify = [
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
  'pino',
];

await rm('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: {
    cli: 'src/cli/main.ts',
    detached: 'src/cli/detached.ts',
    extension: 'src/extension/extension.ts',
    ...lazyParts,
  },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.18',
  format: 'cjs',
  // `import()` becomes `require()`, as starting the second module system takes longer than loading the file.
  supported: { 'dynamic-import': false },
  external: ['vscode', 'sharp', 'bufferutil', 'utf-8-validate', ...unusedByFastify],
  // Its CommonJS form requires parts of itself in a way that no bundler sees.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  plugins: [lazyImports],
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
