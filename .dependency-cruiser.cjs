// The architecture's one rule, inward only: each folder of src may import just what is named here. `root` stands for the files of src
// itself, the composition root. ARCHITECTURE.md shows the same as a table and a picture; test/project/architecture.test.ts holds them
// together, and sees to it that nothing is allowed that nobody needs.
const allowed = {
  core: [],
  shared: [],
  protocols: ['core'],
  backends: ['core'],
  runtime: ['core'],
  policies: ['core'],
  images: ['core'],
  recording: ['core', 'shared'],
  inspection: ['core', 'protocols', 'recording', 'shared'],
  config: ['core'],
  clients: ['core'],
  exports: ['core', 'config', 'runtime'],
  demo: [],
  control: ['core'],
  server: ['core', 'protocols', 'recording', 'control', 'shared'],
  doctor: ['root', 'core', 'config', 'runtime', 'backends', 'images', 'recording'],
  cli: [
    'root',
    'core',
    'config',
    'runtime',
    'recording',
    'inspection',
    'control',
    'clients',
    'exports',
    'doctor',
    'demo',
  ],
  extension: [
    'root',
    'core',
    'config',
    'runtime',
    'recording',
    'control',
    'server',
    'shared',
    'clients',
    'exports',
    'doctor',
    'demo',
  ],
};

const anyRoot = '^src/[^/]+[.]ts$';
/** The only files of the composition root that a folder may import. */
const rootOf = {
  doctor: '^src/(discovery|port-holder|proxy)[.]ts$',
};

const folderRules = Object.entries(allowed).map(([folder, inner]) => ({
  name: `${folder}-imports-only-inward`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [folder, ...inner].map((name) =>
      name === 'root' ? (rootOf[folder] ?? anyRoot) : `^src/${name}/`,
    ),
  },
}));

module.exports = {
  forbidden: [
    ...folderRules,
    {
      name: 'protocols-do-not-see-each-other',
      severity: 'error',
      from: { path: '^src/protocols/([^/]+)/' },
      to: { path: '^src/protocols/[^/]+/', pathNot: '^src/protocols/$1/' },
    },
    {
      name: 'backends-do-not-see-each-other',
      severity: 'error',
      from: { path: '^src/backends/([^/]+)/' },
      to: { path: '^src/backends/[^/]+/', pathNot: '^src/backends/$1/' },
    },
    {
      name: 'protocols-and-core-do-no-io',
      severity: 'error',
      from: { path: '^src/(core|protocols)/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|net|http|https|child_process|os|dns|tls)' },
    },
    {
      name: 'only-the-extension-imports-vscode',
      severity: 'error',
      from: { pathNot: '^(src/extension|test/vscode/in-host)/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'the-product-never-sees-the-demo',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(demo|cli|extension)/' },
      to: { path: '^src/demo/' },
    },
    {
      name: 'the-webview-sees-only-what-is-shared',
      severity: 'error',
      from: { path: '^webview-ui/' },
      to: { path: '^(src|test)/', pathNot: '^src/shared/' },
    },
    {
      name: 'only-the-page-imports-the-webview',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^webview-ui/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-imports-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Its name makes the resolver take the package that it imports for itself.
    exclude: { path: '^esbuild[.]mjs$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] },
  },
};
