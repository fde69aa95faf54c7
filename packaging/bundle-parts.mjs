// What of the program is a file of its own, and what of its dependencies is left out: reading and running code is nearly all of the time
// that a start takes, and much of the memory of a proxy at rest.
import { basename } from 'node:path';
import * as zod from './zod.mjs';

/** What is imported dynamically, by the name of its file. What is not listed stays in the importing file and is run late. */
export const lazyParts = {
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
};

/** Libraries that several files share, by what they are imported as. */
export const sharedParts = {
  zod: { file: 'zod', source: 'packaging/zod.mjs' },
  'vscode-jsonrpc/node': { file: 'jsonrpc', source: 'vscode-jsonrpc/node' },
};

/** Zod's names as a module that reads zod's file when the first schema is made. */
const zodOnDemand = `for (const name of ${JSON.stringify(Object.keys(zod))}) {
  Object.defineProperty(exports, name, { enumerable: true, get: () => require('./zod.js')[name] });
}`;

const separateParts = {
  name: 'separate-parts',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path, importer }) => {
      if (kind === 'entry-point' || importer.endsWith('packaging/zod.mjs')) return;
      if (path === 'zod' && kind !== 'dynamic-import') return { path, namespace: 'zod-on-demand' };
      const dynamic = kind === 'dynamic-import' ? basename(path, '.ts') : '';
      const file = sharedParts[path]?.file ?? (Object.hasOwn(lazyParts, dynamic) ? dynamic : undefined);
      return file === undefined ? undefined : { path: `./${file}.js`, external: true };
    });
    onResolve({ filter: /./, namespace: 'zod-on-demand' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: 'zod-on-demand' }, () => ({ contents: zodOnDemand }));
  },
};

/**
 * What fastify and undici load at once for what this program never asks of them: HTTP/2, servers with TLS, versions of plugins, headers of
 * trusted proxies, regular expressions in routes. Whoever asked would find that there is no such function.
 */
const emptyModules = {
  'node:http2': '{ constants: {} }',
  'node:https': '{}',
  semver: '{}',
  '@fastify/proxy-addr': '{}',
  'safe-regex2': '() => true',
};

/** What fastify requires only for other such features: schemas of routes, its logger, injected requests. */
export const neverRequired = [
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
  'pino',
];

const leftOut = {
  name: 'left-out',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /./ }, ({ path, importer }) =>
      Object.hasOwn(emptyModules, path) && /node_modules.(?:fastify|find-my-way|undici)\b/.test(importer)
        ? { path, namespace: 'left-out' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({
      contents: `module.exports = ${emptyModules[path]};`,
    }));
  },
};

export const plugins = [separateParts, leftOut];
