import { type ConnectedClient, connectedFeature } from './connected.ts';
import { describeClient } from './stage.ts';

interface Tried extends ConnectedClient {
  readonly client: { readonly name: string; readonly package: string };
}

const tried: readonly Tried[] = [
  {
    client: { name: 'Claude Code', package: '@anthropic-ai/claude-code' },
    id: 'claude-code',
    files: {
      '.claude/settings.json': `{
  "env": {
    "ANTHROPIC_MODEL": "opus",
    "MY_OWN": "1"
  },
  "includeCoAuthoredBy": false
}
`,
    },
    program: 'claude',
    args: (prompt) => ['-p', prompt],
    env: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
    path: '/v1/messages',
    shows: /"model":"kmodel"/,
  },
  {
    client: { name: 'Codex CLI', package: '@openai/codex' },
    id: 'codex',
    files: {
      '.codex/config.toml': `# mine
model = "gpt-5.5" # the usual one
approval_policy = "never"

[analytics]
enabled = false # no thanks

[model_providers.other]
name = "Other"
base_url = "http://127.0.0.1:9/v1"
`,
    },
    program: 'codex',
    args: (prompt) => ['exec', '--skip-git-repo-check', prompt],
    path: '/v1/responses',
    // It asks for reasoning only for a model that it found in the catalog.
    shows: /"effort":"medium"/,
  },
  {
    client: { name: 'OpenCode', package: 'opencode-ai' },
    id: 'opencode',
    files: {
      '.config/opencode/opencode.json': `{
\t"$schema": "https://opencode.ai/config.json",
\t// as it should be
\t"model": "anthropic/claude-sonnet-4-5", // for now
\t"autoupdate": false,
}
`,
    },
    program: 'opencode',
    args: (prompt) => ['run', prompt],
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    },
    path: '/v1/chat/completions',
  },
  {
    client: { name: 'Qwen Code', package: '@qwen-code/qwen-code' },
    id: 'qwen-code',
    files: {
      '.qwen/settings.json': `{
  // colours
  "ui": { "theme": "GitHub" },
  "security": { "auth": { "selectedType": "anthropic" } },
  "$version": 4
}
`,
    },
    program: 'qwen',
    args: (prompt) => ['-p', prompt],
    path: '/v1/chat/completions',
  },
  {
    client: { name: 'Cline', package: 'cline' },
    id: 'cline',
    files: {},
    program: 'cline',
    args: (prompt) => ['--json', prompt],
    path: '/v1/chat/completions',
  },
  {
    client: { name: 'Continue', package: '@continuedev/cli' },
    id: 'continue',
    files: {
      '.continue/config.yaml': `# mine
name: Mine
version: 0.0.1
schema: v1

models: # the first is the one that is used
    - name: Local
      provider: ollama # does not run just now
      model: qwen2.5-coder
`,
    },
    program: 'cn',
    args: (prompt) => ['-p', prompt],
    env: { CONTINUE_TELEMETRY_ENABLED: '0' },
    path: '/v1/chat/completions',
  },
];

// What was written does not depend on the backend.
for (const { client, ...connected } of tried)
  describeClient(client, [connectedFeature(connected)], ['remote']);
