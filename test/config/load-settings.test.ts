import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LoadOptions, loadSettings } from '../../src/config/load-settings.ts';
import { describeOrigin } from '../../src/config/origin.ts';
import { settingNames, settingTable } from '../../src/config/settings.ts';
import { SettingsError } from '../../src/config/settings-error.ts';

interface Given extends Partial<LoadOptions> {
  readonly files?: Readonly<Record<string, unknown>>;
}

/** Loads from what is given alone: nothing of this computer's environment or files. */
function load({ files = {}, ...options }: Given = {}) {
  return loadSettings({
    argv: [],
    env: {},
    cwd: '/work',
    home: '/home/ann',
    platform: 'linux',
    readFile: (path) => {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
      return typeof content === 'string' ? content : JSON.stringify(content);
    },
    ...options,
  });
}

function problemsOf(given: Given): readonly string[] {
  try {
    load(given);
  } catch (error) {
    assert(error instanceof SettingsError, `not a SettingsError: ${error}`);
    return error.problems;
  }
  return assert.fail('no SettingsError');
}

test('without anything given, the defaults hold', () => {
  const { settings, origins, help, version, demo, configFile, warnings } = load();
  assert.deepEqual(settings, {
    host: '127.0.0.1',
    port: 8095,
    apiKey: '',
    apiKeyFile: '',
    apiKeys: [],
    allowedOrigins: [],
    maxConcurrent: 4,
    timeoutSeconds: 0,
    idleTimeoutSeconds: 300,
    warmupTimeoutSeconds: 30,
    stopSeconds: 8,
    drainSeconds: 0,
    metrics: 'off',
    bodyLimitMegabytes: 64,
    imageLocalNetwork: 'auto',
    backend: 'remote',
    model: 'kmodel',
    smallModel: '',
    modelRules: [],
    remoteBaseUrl: '',
    remoteAuthFile: '',
    remoteAuthPick: 'auto',
    cacheDirectory: '',
    remoteProxyUrl: '',
    remoteVersion: '',
    remoteProfile: 'plugin',
    remoteEncodeBody: false,
    remoteFallbackEnabled: true,
    remoteFallbackModels: [
      'kmodel',
      'mmodel',
      'dashscope_qwen3_coder',
      'dashscope_qmodel',
      'dashscope_qwen_max_latest',
      'dashscope_qwen_plus_20250428_thinking',
    ],
    transport: 'auto',
    websocketUrl: '',
    pipe: '',
    sharedClientInfo: '',
    mode: 'agent',
    shellType: 'zsh',
    sessionMode: 'auto',
    prepareSessions: true,
    cwd: '/work',
    currentFilePath: '',
    aggregateToolStream: false,
    remoteImageUpload: false,
    logLevel: 'info',
    logFormat: 'text',
    recordLimitMegabytes: 64,
    recordBodyLimitMegabytes: 1,
    recordBodies: true,
    recordPersist: true,
    responseStoreLimitMegabytes: 64,
  });
  assert.equal(
    Object.values(origins).every((origin) => origin.kind === 'default'),
    true,
  );
  assert.deepEqual(
    { help, version, demo, configFile, warnings },
    {
      help: false,
      version: false,
      demo: false,
      configFile: undefined,
      warnings: [],
    },
  );
});

test('a flag wins over the environment, which wins over the file, which wins over the default', () => {
  const files = { '/work/lingma-proxy.json': { port: 1, backend: 'ipc', mode: 'chat' } };
  const env = { LINGMA_PROXY_PORT: '2', LINGMA_PROXY_BACKEND: 'remote' };
  const { settings, origins, configFile } = load({ files, env, argv: ['--port', '3'] });
  assert.deepEqual(
    [settings.port, settings.backend, settings.mode, settings.host],
    [3, 'remote', 'chat', '127.0.0.1'],
  );
  assert.deepEqual(
    [origins.port, origins.backend, origins.mode, origins.host].map((origin) => describeOrigin(origin)),
    ['flag --port', 'environment LINGMA_PROXY_BACKEND', 'file /work/lingma-proxy.json key mode', 'default'],
  );
  assert.equal(configFile, '/work/lingma-proxy.json');
});

test('the configuration file is the one of the flag, else of the environment, else the first usual one', () => {
  const files = {
    '/etc/flag.json': { port: 1 },
    '/work/environment.json': { port: 2 },
    '/work/lingma-proxy.json': { port: 3 },
    '/work/lingma-ipc-proxy.json': { port: 4 },
  };
  const env = { LINGMA_PROXY_CONFIG: 'environment.json' };
  const { ['/work/lingma-proxy.json']: _, ...onlyOlder } = files;
  assert.equal(load({ files, env, argv: ['--config', '/etc/flag.json'] }).settings.port, 1);
  assert.equal(load({ files, env }).settings.port, 2);
  assert.equal(load({ files }).settings.port, 3);
  assert.equal(load({ files: onlyOlder }).settings.port, 4);
  assert.equal(load({ files, env: { LINGMA_PROXY_CONFIG: '' } }).settings.port, 3);
});

test('a file that was asked for must be there', () => {
  assert.deepEqual(problemsOf({ argv: ['--config=no.json'] }), [
    'flag --config: the file /work/no.json does not exist. It must be a JSON file.',
  ]);
  assert.deepEqual(problemsOf({ env: { LINGMA_PROXY_CONFIG: '/no.json' } }), [
    'environment LINGMA_PROXY_CONFIG: the file /no.json does not exist. It must be a JSON file.',
  ]);
});

test('a file from a real disk may begin with a byte order mark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  try {
    writeFileSync(join(folder, 'lingma-proxy.json'), '\uFEFF{"port": 4711}');
    assert.equal(loadSettings({ argv: [], env: {}, cwd: folder }).settings.port, 4711);
    mkdirSync(join(folder, 'sub'));
    assert.throws(
      () => loadSettings({ argv: ['--config=sub'], env: {}, cwd: folder }),
      /cannot be read \(EISDIR\)/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an unknown key in the file is a warning that suggests the nearest one', () => {
  const { warnings, settings } = load({
    files: { '/work/lingma-proxy.json': { prot: 1, whatever_else: {} } },
  });
  assert.deepEqual(warnings, [
    'file /work/lingma-proxy.json: the key "prot" is not known and has no effect. Did you mean "port"?',
    'file /work/lingma-proxy.json: the key "whatever_else" is not known and has no effect.',
  ]);
  assert.equal(settings.port, 8095);
});

test('null and empty text in the file leave a setting alone', () => {
  const files = { '/work/lingma-proxy.json': { remote_base_url: '', host: '', port: null, shell_type: '' } };
  const { settings, origins } = load({ files });
  assert.deepEqual([settings.host, settings.port, settings.shellType], ['127.0.0.1', 8095, 'zsh']);
  assert.equal(origins.host.kind, 'default');
});

test('a file that is no JSON object is named with the place of the fault, never with its content', () => {
  const torn = '{\n  "port": 1,\n  "api_key": sesame-secret\n}';
  const [problem] = problemsOf({ files: { '/work/lingma-proxy.json': torn } });
  assert.match(problem ?? '', /^file \/work\/lingma-proxy\.json is not valid JSON/);
  assert.doesNotMatch(problem ?? '', /sesame/);
  assert.deepEqual(problemsOf({ files: { '/work/lingma-proxy.json': '[1]' } }), [
    'file /work/lingma-proxy.json must hold one JSON object: {…}.',
  ]);
});

test('an empty environment variable counts as unset', () => {
  const { settings } = load({ env: { LINGMA_PROXY_PORT: '', LINGMA_PROXY_HOST: '  ', LINGMA_IPC_PIPE: '' } });
  assert.deepEqual([settings.port, settings.host, settings.pipe], [8095, '127.0.0.1', '']);
});

const fromEnvironment: readonly [
  variable: string,
  text: string,
  name: keyof typeof settingTable,
  value: unknown,
][] = [
  ['LINGMA_PROXY_HOST', 'localhost', 'host', 'localhost'],
  ['LINGMA_PROXY_PORT', '9000', 'port', 9000],
  ['LINGMA_PROXY_BACKEND', 'ipc', 'backend', 'ipc'],
  ['LINGMA_PROXY_TRANSPORT', 'Pipe', 'transport', 'pipe'],
  ['LINGMA_PROXY_WS_URL', 'ws://127.0.0.1:1', 'websocketUrl', 'ws://127.0.0.1:1'],
  ['LINGMA_PROXY_CWD', 'project', 'cwd', '/work/project'],
  ['LINGMA_PROXY_CURRENT_FILE_PATH', '/a.ts', 'currentFilePath', '/a.ts'],
  ['LINGMA_PROXY_MODE', 'chat', 'mode', 'chat'],
  ['LINGMA_PROXY_MODEL', 'mmodel', 'model', 'mmodel'],
  ['LINGMA_PROXY_SHELL_TYPE', 'bash', 'shellType', 'bash'],
  ['LINGMA_PROXY_SESSION_MODE', 'reuse', 'sessionMode', 'reuse'],
  ['LINGMA_PROXY_TIMEOUT_SECONDS', '2.5', 'timeoutSeconds', 2.5],
  ['LINGMA_PROXY_MAX_CONCURRENT', '16', 'maxConcurrent', 16],
  ['LINGMA_PROXY_API_KEY', 'sesame', 'apiKey', 'sesame'],
  ['LINGMA_REMOTE_BASE_URL', 'http://127.0.0.1:2', 'remoteBaseUrl', 'http://127.0.0.1:2'],
  ['LINGMA_REMOTE_AUTH_FILE', '~/c.json', 'remoteAuthFile', '/home/ann/c.json'],
  ['LINGMA_REMOTE_PROXY_URL', 'http://u:p@proxy:3128', 'remoteProxyUrl', 'http://u:p@proxy:3128'],
  ['LINGMA_REMOTE_VERSION', '2.12.0', 'remoteVersion', '2.12.0'],
  ['LINGMA_REMOTE_FALLBACK_ENABLED', '0', 'remoteFallbackEnabled', false],
  ['LINGMA_REMOTE_FALLBACK_MODELS', 'a, b,', 'remoteFallbackModels', ['a', 'b']],
  ['LINGMA_IPC_PIPE', '\\\\.\\pipe\\lingma-1', 'pipe', '\\\\.\\pipe\\lingma-1'],
  ['LINGMA_IPC_SOCKET', '/run/lingma.sock', 'pipe', '/run/lingma.sock'],
  ['LINGMA_SHARED_CLIENT_INFO', '/x/.info.json', 'sharedClientInfo', '/x/.info.json'],
  ['LINGMA_CACHE_DIR', '/x', 'cacheDirectory', '/x'],
  ['LINGMA_AGGREGATE_TOOL_STREAM', '1', 'aggregateToolStream', true],
  [
    'LINGMA_PROXY_MODEL_RULES',
    'claude-*=kmodel,a=b=c',
    'modelRules',
    [
      { pattern: 'claude-*', model: 'kmodel' },
      { pattern: 'a=b', model: 'c' },
    ],
  ],
];

for (const [variable, text, name, value] of fromEnvironment) {
  test(`${variable} sets ${name}`, () => {
    const { settings, origins } = load({ env: { [variable]: text } });
    assert.deepEqual(settings[name], value);
    assert.deepEqual(origins[name], { kind: 'environment', variable });
  });
}

const flags: readonly [argv: readonly string[], name: keyof typeof settingTable, value: unknown][] = [
  [['--host', '::1'], 'host', '::1'],
  [['--port=0'], 'port', 0],
  [['--backend', 'ipc'], 'backend', 'ipc'],
  [['--transport', 'websocket'], 'transport', 'websocket'],
  [['--ws-url', 'wss://localhost/x'], 'websocketUrl', 'wss://localhost/x'],
  [['--pipe', '/run/x.sock'], 'pipe', '/run/x.sock'],
  [['--remote-base-url', 'https://x.example'], 'remoteBaseUrl', 'https://x.example'],
  [['--remote-auth-file', 'c.json'], 'remoteAuthFile', '/work/c.json'],
  [['--remote-auth-pick', 'longest'], 'remoteAuthPick', 'longest'],
  [['--remote-proxy-url', 'http://proxy:1'], 'remoteProxyUrl', 'http://proxy:1'],
  [['--remote-version', '1'], 'remoteVersion', '1'],
  [['--remote-fallback'], 'remoteFallbackEnabled', true],
  [['--remote-fallback=true'], 'remoteFallbackEnabled', true],
  [['--remote-fallback=false'], 'remoteFallbackEnabled', false],
  [['--no-remote-fallback'], 'remoteFallbackEnabled', false],
  [['--no-remote-fallback', '--remote-fallback'], 'remoteFallbackEnabled', true],
  [['--remote-fallback-models', 'x,y'], 'remoteFallbackModels', ['x', 'y']],
  [['--remote-fallback-models', ''], 'remoteFallbackModels', []],
  [['--model', 'mmodel'], 'model', 'mmodel'],
  [['--mode', 'ask'], 'mode', 'ask'],
  [['--shell-type', 'fish'], 'shellType', 'fish'],
  [['--session-mode', 'fresh'], 'sessionMode', 'fresh'],
  [['--timeout', '600'], 'timeoutSeconds', 600],
  [['--warmup-timeout', '5'], 'warmupTimeoutSeconds', 5],
  [['--cwd', '..'], 'cwd', '/'],
  [['--current-file-path', 'a.ts'], 'currentFilePath', '/work/a.ts'],
  [['--max-concurrent', '1'], 'maxConcurrent', 1],
  [['--drain-seconds', '10'], 'drainSeconds', 10],
  [['--metrics', 'open'], 'metrics', 'open'],
  [['--log-format=json'], 'logFormat', 'json'],
  [['--api-key=-starts-with-a-dash'], 'apiKey', '-starts-with-a-dash'],
  [['--port', '1', '--port', '2'], 'port', 2],
  [
    ['--allowed-origins', 'https://a.example,vscode-webview://x'],
    'allowedOrigins',
    ['https://a.example', 'vscode-webview://x'],
  ],
];

for (const [argv, name, value] of flags) {
  test(`${argv.join(' ')} sets ${name}`, () => {
    const { settings, origins } = load({ argv });
    assert.deepEqual(settings[name], value);
    assert.equal(origins[name].kind, 'flag');
  });
}

test('the example of the documentation loads as it stands', () => {
  const example = {
    host: '127.0.0.1',
    port: 8095,
    backend: 'remote',
    transport: 'auto',
    remote_base_url: '',
    remote_auth_file: '',
    remote_proxy_url: '',
    remote_version: '',
    mode: 'agent',
    shell_type: 'zsh',
    session_mode: 'auto',
    timeout: 0,
    remote_fallback_enabled: true,
    remote_fallback_models: ['kmodel', 'mmodel'],
    cwd: '',
    current_file_path: '',
  };
  const { settings, warnings } = load({ files: { '/work/lingma-proxy.json': example } });
  assert.deepEqual(warnings, []);
  assert.deepEqual(settings.remoteFallbackModels, ['kmodel', 'mmodel']);
});

test('every key of the table is read from the file, with the type of its default', () => {
  for (const name of settingNames) {
    const { jsonKey, type, default: value } = settingTable[name];
    // The names are the keys of an object there.
    if (value === '' || name === 'apiKeys') continue;
    const { origins, settings } = load({ files: { '/work/lingma-proxy.json': { [jsonKey]: value } } });
    assert.deepEqual([settings[name], origins[name].kind], [value, 'file'], jsonKey);
    assert.notEqual(type.read(value), undefined, jsonKey);
  }
});

test('no two settings share a flag, a key or a variable', () => {
  const all = settingNames.map((name) => settingTable[name]);
  for (const names of [
    all.map((each) => each.flag),
    all.map((each) => each.jsonKey),
    all.flatMap((each) => each.environment),
  ]) {
    assert.equal(new Set(names).size, names.length);
  }
});

test('relative paths in a file belong to its folder, ~ is the home folder', () => {
  const files = { '/etc/proxy/x.json': { remote_auth_file: 'c.json', cache_dir: '~/.lingma' } };
  const { settings } = load({ files, argv: ['--config=/etc/proxy/x.json'] });
  assert.deepEqual(
    [settings.remoteAuthFile, settings.cacheDirectory],
    ['/etc/proxy/c.json', '/home/ann/.lingma'],
  );
});

test('Windows has its own shell and its own paths', () => {
  const { settings } = load({ platform: 'win32', cwd: 'C:\\work', argv: ['--remote-auth-file', 'c.json'] });
  assert.deepEqual([settings.shellType, settings.remoteAuthFile], ['powershell', 'C:\\work\\c.json']);
});

const wrong: readonly [title: string, given: Given, problem: string | RegExp][] = [
  [
    'a port out of range',
    { argv: ['--port', '70000'] },
    'flag --port: "70000" is not allowed. It must be a whole number from 0 to 65535.',
  ],
  [
    'a port that is no number',
    { env: { LINGMA_PROXY_PORT: 'eighty' } },
    'environment LINGMA_PROXY_PORT: "eighty" is not allowed. It must be a whole number from 0 to 65535.',
  ],
  [
    'a port as text in JSON',
    { files: { '/work/lingma-proxy.json': { port: '80' } } },
    'file /work/lingma-proxy.json key port: "80" is not allowed. It must be a whole number from 0 to 65535.',
  ],
  [
    'a backend that there is not',
    { argv: ['--backend=cloud'] },
    'flag --backend: "cloud" is not allowed. It must be one of remote, ipc.',
  ],
  [
    'a negative timeout',
    { argv: ['--timeout', '-1'] },
    'flag --timeout: "-1" is not allowed. It must be a number of seconds from 0 (none) to 2147483.',
  ],
  [
    'a pool of 17',
    { argv: ['--max-concurrent', '17'] },
    'flag --max-concurrent: "17" is not allowed. It must be a whole number from 1 to 16.',
  ],
  [
    'a boolean that is none',
    { argv: ['--remote-fallback=maybe'] },
    'flag --remote-fallback: "maybe" is not allowed. It must be true or false.',
  ],
  [
    'a boolean as text in JSON',
    { files: { '/work/lingma-proxy.json': { remote_fallback_enabled: 'yes' } } },
    /key remote_fallback_enabled: "yes" is not allowed/,
  ],
  [
    'a list of something else',
    { files: { '/work/lingma-proxy.json': { remote_fallback_models: [1] } } },
    /key remote_fallback_models: \[1\] is not allowed/,
  ],
  [
    'a base URL without a scheme',
    { argv: ['--remote-base-url', 'lingma.example'] },
    'flag --remote-base-url: "lingma.example" is not allowed. It must be an http:// or https:// URL.',
  ],
  [
    'an http URL for the WebSocket',
    { argv: ['--ws-url=http://127.0.0.1:1'] },
    /^flag --ws-url: .* It must be a ws:\/\/ or wss:\/\/ URL\.$/,
  ],
  ['any web origin', { argv: ['--allowed-origins', '*'] }, /^flag --allowed-origins: /],
  [
    'a rule without a model',
    { argv: ['--model-rules', 'claude-*'] },
    /^flag --model-rules: "claude-\*" is not allowed/,
  ],
  ['a flag that there is not', { argv: ['--prot', '1'] }, 'There is no flag --prot. Did you mean --port?'],
  [
    'a far-off flag',
    { argv: ['--zzzzzzzzzz'] },
    'There is no flag --zzzzzzzzzz. See --help for those that there are.',
  ],
  [
    '--no- before what is no boolean',
    { argv: ['--no-port'] },
    'There is no flag --no-port. Did you mean --port?',
  ],
  [
    'a value after --no-',
    { argv: ['--no-remote-fallback=false'] },
    'flag --no-remote-fallback takes no value.',
  ],
  ['a flag without its value', { argv: ['--port'] }, 'flag --port needs a value: --port=PORT.'],
  [
    'another flag in place of a value',
    { argv: ['--host', '--demo'] },
    'flag --host needs a value: --host=ADDRESS.',
  ],
  [
    'a stray argument',
    { argv: ['serve'] },
    'The argument "serve" has no meaning here. Values belong to a flag: --flag=value.',
  ],
  [
    'more arguments than anybody means',
    { argv: Array.from({ length: 200_000 }, () => '--demo') },
    'There are 200000 arguments, and at most 1000 are possible.',
  ],
  [
    'an address that others reach',
    { argv: ['--host', '0.0.0.0'] },
    /^flag --host: "0\.0\.0\.0" would let other computers use your login\. Set an API key/,
  ],
  [
    'an IPv6 address that others reach',
    { env: { LINGMA_PROXY_HOST: '::' } },
    /^environment LINGMA_PROXY_HOST: "::" would let/,
  ],
  [
    'a proxy password',
    { argv: ['--remote-proxy-url=socks9://u:sesame@p'] },
    'flag --remote-proxy-url: "socks9://[redacted]@p" is not allowed. It must be an http:// or https:// URL.',
  ],
];

for (const [title, given, problem] of wrong) {
  test(`${title} is refused with its origin and what is allowed`, () => {
    const first = problemsOf(given)[0] ?? '';
    if (typeof problem === 'string') assert.equal(first, problem);
    else assert.match(first, problem);
  });
}

test('all problems are told at once', () => {
  assert.equal(
    problemsOf({ argv: ['--port=x', '--nonsense'], env: { LINGMA_PROXY_BACKEND: 'y' } }).length,
    3,
  );
});

test('an address that others reach is fine with an API key, a loopback one without', () => {
  assert.equal(load({ argv: ['--host=0.0.0.0', '--api-key=k'] }).settings.host, '0.0.0.0');
  for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1', '[::1]']) {
    assert.equal(load({ argv: [`--host=${host}`] }).settings.host, host);
  }
});

test('--help and --version win over everything that is wrong', () => {
  assert.equal(load({ argv: ['--help', '--port=x', '--config=none'] }).help, true);
  assert.equal(load({ argv: ['-v'], env: { LINGMA_PROXY_PORT: 'x' } }).version, true);
  assert.equal(load({ argv: ['--demo'] }).demo, true);
  assert.equal(load({ argv: ['--demo=false'] }).demo, false);
});

test('whatever is given, only a SettingsError is thrown', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.constantFrom(...settingNames.map((name) => `--${settingTable[name].flag}`)),
  );
  const keys = fc.constantFrom(
    ...settingNames.map((name) => settingTable[name].jsonKey),
    'other',
    '__proto__',
  );
  const file = fc.oneof(
    fc.string(),
    fc.json(),
    fc.dictionary(keys, fc.jsonValue()).map((value) => JSON.stringify(value)),
  );
  const variables = fc.constantFrom(...settingNames.flatMap((name) => settingTable[name].environment));
  fc.assert(
    fc.property(fc.array(texts), fc.dictionary(variables, fc.string()), file, (argv, env, content) => {
      try {
        load({ argv, env, files: { '/work/lingma-proxy.json': content } });
      } catch (error) {
        assert(error instanceof SettingsError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});
