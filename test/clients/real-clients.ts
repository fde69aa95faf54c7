import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientRun, runClient } from './client-run.ts';

/** One task given to one client: its prompt, where it works, and where it keeps its own files. */
export interface ClientTask {
  /** The folder with the clients' executables. */
  readonly bin: string;
  readonly proxyUrl: string;
  readonly prompt: string;
  readonly workspace: string;
  readonly home: string;
}

/** A step that the simulated model asks of the client. */
export type Step =
  | { readonly tool: string; readonly arguments: Record<string, unknown> }
  | { readonly text: string };

/** A real client, unmodified: how to run it, and what it calls its tools. */
export interface RealClient {
  readonly name: string;
  /** Reads `notes.txt`, changes `red` to `blue` in it, and prints it, in this client's own tools. */
  readonly steps: (workspace: string) => readonly Step[];
  run(task: ClientTask): Promise<ClientRun>;
}

const claudeCode: RealClient = {
  name: 'Claude Code',
  steps: (workspace) => {
    const file = join(workspace, 'notes.txt');
    return [
      { tool: 'Read', arguments: { file_path: file } },
      { tool: 'Edit', arguments: { file_path: file, old_string: 'red', new_string: 'blue' } },
      { tool: 'Bash', arguments: { command: 'cat notes.txt', description: 'Show the file' } },
    ];
  },
  run: ({ bin, proxyUrl, prompt, workspace, home }) =>
    runClient(
      join(bin, 'claude'),
      [
        ...['-p', prompt, '--model', 'kmodel', '--output-format', 'stream-json', '--verbose'],
        '--dangerously-skip-permissions',
      ],
      {
        cwd: workspace,
        env: {
          HOME: home,
          ANTHROPIC_BASE_URL: proxyUrl,
          ANTHROPIC_API_KEY: 'any',
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
          DISABLE_AUTOUPDATER: '1',
          IS_SANDBOX: '1',
        },
      },
    ),
};

const codex: RealClient = {
  name: 'Codex CLI',
  steps: () => [
    { tool: 'exec_command', arguments: { cmd: 'cat notes.txt' } },
    { tool: 'exec_command', arguments: { cmd: "sed -i 's/red/blue/' notes.txt" } },
    { tool: 'exec_command', arguments: { cmd: 'cat notes.txt' } },
  ],
  run: ({ bin, proxyUrl, prompt, workspace, home }) => {
    const codexHome = join(home, '.codex');
    mkdirSync(codexHome, { recursive: true });
    writeFileSync(
      join(codexHome, 'config.toml'),
      `model = "kmodel"
model_provider = "lingma"
approval_policy = "never"
sandbox_mode = "danger-full-access"

[model_providers.lingma]
name = "Lingma"
base_url = "${proxyUrl}/v1"
env_key = "LINGMA_KEY"
wire_api = "responses"

[analytics]
enabled = false
`,
    );
    return runClient(join(bin, 'codex'), ['exec', '--skip-git-repo-check', '--json', '--', prompt], {
      cwd: workspace,
      env: { HOME: home, CODEX_HOME: codexHome, LINGMA_KEY: 'any' },
    });
  },
};

const openCode: RealClient = {
  name: 'OpenCode',
  steps: (workspace) => {
    const file = join(workspace, 'notes.txt');
    return [
      { tool: 'read', arguments: { filePath: file } },
      { tool: 'edit', arguments: { filePath: file, oldString: 'red', newString: 'blue' } },
      { tool: 'bash', arguments: { command: 'cat notes.txt', description: 'Show the file' } },
    ];
  },
  run: ({ bin, proxyUrl, prompt, workspace, home }) => {
    writeFileSync(
      join(workspace, 'opencode.json'),
      JSON.stringify({
        provider: {
          lingma: {
            npm: '@ai-sdk/openai-compatible',
            options: { baseURL: `${proxyUrl}/v1`, apiKey: 'any' },
            models: { kmodel: { name: 'kmodel' } },
          },
        },
      }),
    );
    return runClient(
      join(bin, 'opencode'),
      ['run', '--format', 'json', '-m', 'lingma/kmodel', '--', prompt],
      {
        cwd: workspace,
        env: {
          HOME: home,
          OPENCODE_DISABLE_AUTOUPDATE: '1',
          OPENCODE_DISABLE_MODELS_FETCH: '1',
          OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        },
      },
    );
  },
};

export const realClients: readonly RealClient[] = [claudeCode, codex, openCode];
