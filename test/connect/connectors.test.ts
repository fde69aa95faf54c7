import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listClients } from '../../src/clients/list-clients.ts';
import { endpoint } from './endpoint.ts';
import { connectorOf, Home } from './home.ts';

test('Claude Code: base URL without /v1, token, models, small model and context size, in the env that it has', async (t) => {
  const home = new Home(t);
  home.write(
    '.claude/settings.json',
    `{
  // mine
  "permissions": { "allow": ["Bash(npm test)"] },
  "env": {
    "ANTHROPIC_API_KEY": "sk-ant-mine",
    "ANTHROPIC_MODEL": "opus", // the large one
    "DEBUG": "1"
  }
}
`,
  );
  const before = home.tree();
  await home.connect('claude-code');
  assert.equal(
    home.read('.claude/settings.json'),
    `{
  // mine
  "permissions": { "allow": ["Bash(npm test)"] },
  "env": {
    "ANTHROPIC_MODEL": "kmodel", // the large one
    "DEBUG": "1",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:8095",
    "ANTHROPIC_AUTH_TOKEN": "any",
    "ANTHROPIC_DEFAULT_OPUS_MODEL": "kmodel",
    "ANTHROPIC_DEFAULT_SONNET_MODEL": "kmodel",
    "ANTHROPIC_DEFAULT_HAIKU_MODEL": "mmodel",
    "CLAUDE_CODE_MAX_CONTEXT_TOKENS": "256000",
    "CLAUDE_CODE_ATTRIBUTION_HEADER": "0"
  }
}
`,
  );
  await home.disconnect('claude-code');
  assert.deepEqual(home.tree(), before);
});

test('Claude Code: with a system proxy, loopback goes past it, beside what went past it before', async (t) => {
  const home = new Home(t, { https_proxy: 'http://proxy:3128', NO_PROXY: '.corp' });
  await home.connect('claude-code');
  assert.match(home.read('.claude/settings.json'), /"NO_PROXY": "\.corp,127\.0\.0\.1,localhost"/);
});

test('Claude Code: a key in the environment, which would win, is named', async (t) => {
  const home = new Home(t, { ANTHROPIC_API_KEY: 'sk-ant' });
  const { notes } = await home.connect('claude-code');
  assert.ok(notes.some((note) => note.kind === 'unset-variable' && note.name === 'ANTHROPIC_API_KEY'));
});

test('Claude Code: comments and trailing commas, with which it loads nothing, are named and left to the person', async (t) => {
  const home = new Home(t);
  const isNamed = async (text: string) => {
    home.write('.claude/settings.json', text);
    const { notes } = await home.connect('claude-code');
    const named = notes.some((note) => note.kind === 'not-plain-json' && note.path.endsWith('settings.json'));
    await home.disconnect('claude-code');
    assert.equal(home.read('.claude/settings.json'), text);
    return named;
  };
  assert.equal(await isNamed('{\n  // mine\n  "model": "opus"\n}\n'), true);
  assert.equal(await isNamed('{\n  "model": "opus",\n}\n'), true);
  assert.equal(await isNamed('\uFEFF{\n  "model": "opus"\n}\n'), false);
});

test('OpenCode reads comments: none are named', async (t) => {
  const home = new Home(t);
  home.write('.config/opencode/opencode.jsonc', '{\n  // mine\n}\n');
  const { notes } = await home.connect('opencode');
  assert.ok(notes.every(({ kind }) => kind !== 'not-plain-json'));
});

test('Claude Code in VS Code: the settings of every editor that has it', async (t) => {
  const home = new Home(t, { XDG_CONFIG_HOME: '' });
  const settings = (editor: string) =>
    process.platform === 'darwin'
      ? `Library/Application Support/${editor}/User/settings.json`
      : `.config/${editor}/User/settings.json`;
  home.write('.vscode/extensions/anthropic.claude-code-2.1.9-linux-x64/package.json', '{}');
  home.write('.vscode/extensions/anthropic.claude-code-2.1.10-linux-x64/package.json', '{}');
  home.write('.cursor/extensions/anthropic.claude-code-2.0.0/package.json', '{}');
  home.write(
    settings('Code'),
    '{\n\t"editor.tabSize": 2,\n\t"claudeCode.environmentVariables": [\n\t\t{ "name": "ANTHROPIC_BASE_URL", "value": "https://gateway" }\n\t],\n}\n',
  );
  const before = home.tree();
  await home.connect('claude-code-vscode');
  assert.match(home.read(settings('Code')), /"value": "http:\/\/127\.0\.0\.1:8095" ?\n?\t*\}/);
  assert.ok(!home.read(settings('Code')).includes('https://gateway'));
  assert.match(home.read(settings('Cursor')), /"claudeCode\.disableLoginPrompt": true/);
  const states = await listClients(home.computer, endpoint);
  const state = states.find(({ id }) => id === 'claude-code-vscode');
  assert.deepEqual(state?.installed, { version: '2.1.10' });
  assert.equal(state?.status.kind, 'here');
  await home.disconnect('claude-code-vscode');
  assert.deepEqual(home.tree(), before);
});

test('Codex: provider, model and catalog; what belongs to other models goes, comments stay', async (t) => {
  const home = new Home(t);
  home.write(
    '.codex/config.toml',
    `# ~/.codex/config.toml
model = "gpt-5.5" # the usual one
model_context_window = 400000
profile = "deep"

[profiles.deep]
model = "gpt-6-astra"

[projects."/home/ann/a b"] # trusted
trust_level = "trusted"
`,
  );
  const before = home.tree();
  await home.connect('codex', { apiKey: 'key-of-mine' });
  assert.equal(
    home.read('.codex/config.toml'),
    `# ~/.codex/config.toml
model = "kmodel" # the usual one
model_provider = "lingma"
model_catalog_json = ${JSON.stringify(home.path('.codex', 'lingma-models.json'))}

[profiles.deep]
model = "gpt-6-astra"

[projects."/home/ann/a b"] # trusted
trust_level = "trusted"

[model_providers.lingma]
name = "Lingma"
base_url = "http://127.0.0.1:8095/v1"
wire_api = "responses"
experimental_bearer_token = "key-of-mine"
`,
  );
  const { models } = JSON.parse(home.read('.codex/lingma-models.json'));
  assert.deepEqual(
    models.map((model: Record<string, unknown>) => [
      model['slug'],
      model['context_window'],
      model['input_modalities'],
      Array.isArray(model['supported_reasoning_levels']) && model['supported_reasoning_levels'].length,
    ]),
    [
      ['kmodel', 256_000, ['text', 'image'], 4],
      ['mmodel', 200_000, ['text'], 4],
      ['org_auto', undefined, ['text', 'image'], 4],
    ],
  );
  await home.disconnect('codex');
  assert.deepEqual(home.tree(), before);
});

test('OpenCode: its commented file when there is one, with the provider allowed', async (t) => {
  const home = new Home(t);
  home.write('.config/opencode/opencode.json', '{}');
  home.write('.config/opencode/opencode.jsonc', '{ "enabled_providers": ["anthropic"] } // mine\n');
  const before = home.tree();
  await home.connect('opencode');
  assert.equal(home.read('.config/opencode/opencode.json'), '{}');
  const text = home.read('.config/opencode/opencode.jsonc');
  assert.ok(text.includes('"enabled_providers": ["lingma", "anthropic"]') && text.includes('// mine'));
  assert.ok(text.includes('"model": "lingma/kmodel"') && text.includes('"small_model": "lingma/mmodel"'));
  await home.disconnect('opencode');
  assert.deepEqual(home.tree(), before);
});

test('Hermes: a model named in one line becomes a table, and the old endpoint of one goes', async (t) => {
  const home = new Home(t);
  home.write('.hermes/config.yaml', 'model: anthropic/claude-opus-4.6 # best\nterminal:\n  backend: local\n');
  const before = home.tree();
  await home.connect('hermes');
  assert.match(
    home.read('.hermes/config.yaml'),
    /^model:\n {2}default: kmodel\n {2}provider: custom:lingma # best\nterminal:\n {2}backend: local\nproviders:\n {2}lingma:\n {4}base_url: http:\/\/127\.0\.0\.1:8095\/v1\n/,
  );
  await home.disconnect('hermes');
  assert.deepEqual(home.tree(), before);
  home.write(
    '.hermes/config.yaml',
    'model:\n    default: glm\n    base_url: http://x/v1\n    max_tokens: 8192\n',
  );
  await home.connect('hermes');
  assert.match(
    home.read('.hermes/config.yaml'),
    /^model:\n {4}default: kmodel\n {4}max_tokens: 8192\n {4}provider: custom:lingma\n/,
  );
});

test('CodeBuddy: the whole address of the API, and a list of allowed models that holds them', async (t) => {
  const home = new Home(t);
  home.write(
    '.codebuddy/models.json',
    '{"models": [{"id": "kmodel", "vendor": "Moonshot"}], "availableModels": ["gpt-5"]}',
  );
  const before = home.tree();
  const { notes } = await home.connect('codebuddy');
  const data = JSON.parse(home.read('.codebuddy/models.json'));
  assert.deepEqual(data.availableModels, ['kmodel', 'mmodel', 'org_auto', 'gpt-5']);
  assert.equal(data.models.length, 3);
  assert.ok(
    data.models.every((model: { url: string }) => model.url === 'http://127.0.0.1:8095/v1/chat/completions'),
  );
  assert.ok(notes.some(({ kind }) => kind === 'choose-model'));
  await home.disconnect('codebuddy');
  assert.deepEqual(home.tree(), before);
});

test('OpenClaw: the model is chosen whether it stood as a text or in a table, and allowed where models have to be', async (t) => {
  const home = new Home(t);
  home.write(
    '.openclaw/openclaw.json',
    '{\n  "agents": { "defaults": { "model": "anthropic/claude", "models": { "anthropic/claude": {} } } }\n}\n',
  );
  const before = home.tree();
  await home.connect('openclaw');
  const data = JSON.parse(home.read('.openclaw/openclaw.json'));
  assert.equal(data.agents.defaults.model, 'lingma/kmodel');
  assert.deepEqual(data.agents.defaults.models, { 'anthropic/claude': {}, 'lingma/kmodel': {} });
  assert.equal(data.models.providers.lingma.baseUrl, 'http://127.0.0.1:8095/v1');
  await home.disconnect('openclaw');
  assert.deepEqual(home.tree(), before);
});

test('Continue: its YAML file hides the older JSON file, and that is said', async (t) => {
  const home = new Home(t);
  home.write('.continue/config.json', '{}');
  const { notes } = await home.connect('continue');
  assert.ok(notes.some((note) => note.kind === 'hides-file' && note.path.endsWith('config.json')));
});

const places: readonly (readonly [string, NodeJS.Platform, Record<string, string>, string])[] = [
  ['claude-code', 'linux', { CLAUDE_CONFIG_DIR: '/c' }, '/c/settings.json'],
  ['claude-code', 'win32', {}, 'C:\\Users\\ann\\.claude\\settings.json'],
  ['claude-code-vscode', 'win32', { APPDATA: 'D:\\Roaming' }, 'D:\\Roaming\\Code\\User\\settings.json'],
  ['claude-code-vscode', 'darwin', {}, '/home/ann/Library/Application Support/Code/User/settings.json'],
  ['codex', 'linux', { CODEX_HOME: '~/codex' }, '/home/ann/codex/config.toml'],
  ['opencode', 'linux', { XDG_CONFIG_HOME: '/x' }, '/x/opencode/opencode.json'],
  ['opencode', 'linux', { OPENCODE_CONFIG: '/o.json', XDG_CONFIG_HOME: '/x' }, '/o.json'],
  ['opencode', 'win32', {}, 'C:\\Users\\ann\\.config\\opencode\\opencode.json'],
  ['qwen-code', 'linux', { QWEN_HOME: '/q' }, '/q/settings.json'],
  ['cline', 'linux', { CLINE_DIR: '/c' }, '/c/data/settings/providers.json'],
  ['continue', 'darwin', { CONTINUE_GLOBAL_DIR: '/c' }, '/c/config.yaml'],
  ['hermes', 'linux', { HERMES_HOME: '/h' }, '/h/config.yaml'],
  ['openclaw', 'linux', { OPENCLAW_STATE_DIR: '/s' }, '/s/openclaw.json'],
  ['openclaw', 'linux', { OPENCLAW_CONFIG_PATH: '/p.json' }, '/p.json'],
];
for (const [id, platform, env, path] of places) {
  test(`${id} on ${platform} with ${JSON.stringify(env)} is set up in ${path}`, async () => {
    const home = platform === 'win32' ? 'C:\\Users\\ann' : '/home/ann';
    const [file] = await connectorOf(id).files({ home, platform, env });
    assert.equal(file.path, path);
  });
}
