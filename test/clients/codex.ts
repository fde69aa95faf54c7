import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type RunningClient, startClient } from './client-run.ts';
import type { ClientPlace } from './stage.ts';

export interface CodexOptions {
  /** Goes in through standard input. */
  readonly prompt: string;
  /** Such as `resume --last`. */
  readonly subcommand?: readonly string[];
  readonly args?: readonly string[];
  /** Lines of TOML at the top level of its configuration. */
  readonly config?: readonly string[];
  /** Lines of TOML of the provider. */
  readonly provider?: readonly string[];
  /** An entry of the model catalog beyond what one needs; without it there is no catalog. */
  readonly catalog?: Readonly<Record<string, unknown>>;
  /** Default kmodel. */
  readonly model?: string;
}

/** Starts Codex CLI without a terminal; its output is one JSON event a line. */
export function startCodex(place: ClientPlace, options: CodexOptions): RunningClient {
  const {
    prompt,
    subcommand = [],
    args = [],
    config = [],
    provider = [],
    catalog,
    model = 'kmodel',
  } = options;
  const codexHome = join(place.home, '.codex');
  mkdirSync(codexHome, { recursive: true });
  const catalogFile = join(codexHome, 'catalog.json');
  if (catalog) writeFileSync(catalogFile, JSON.stringify({ models: [{ ...plainModel, ...catalog }] }));
  writeFileSync(
    join(codexHome, 'config.toml'),
    `model = ${JSON.stringify(model)}
model_provider = "lingma"
approval_policy = "never"
sandbox_mode = "danger-full-access"
${catalog ? `model_catalog_json = ${JSON.stringify(catalogFile)}` : ''}
${config.join('\n')}

[model_providers.lingma]
name = "Lingma"
base_url = "${place.proxyUrl}/v1"
env_key = "LINGMA_KEY"
wire_api = "responses"
${provider.join('\n')}

[analytics]
enabled = false
`,
  );
  return startClient(
    join(place.bin, 'codex'),
    ['exec', ...subcommand, '--skip-git-repo-check', '--json', ...args, '--', '-'],
    {
      cwd: place.workspace,
      env: { HOME: place.home, CODEX_HOME: codexHome, LINGMA_KEY: 'any' },
      input: prompt,
    },
  );
}

/** The least that Codex wants to know of a model. */
const plainModel = {
  slug: 'kmodel',
  display_name: 'kmodel',
  supported_reasoning_levels: [],
  shell_type: 'unified_exec',
  visibility: 'list',
  supported_in_api: true,
  priority: 1,
  base_instructions: 'You are a coding agent.',
  support_verbosity: false,
  truncation_policy: { mode: 'tokens', limit: 10_000 },
  experimental_supported_tools: [],
};

const event = z.looseObject({
  type: z.string(),
  item: z.looseObject({ type: z.string(), text: z.string().optional() }).optional(),
});
type CodexEvent = z.infer<typeof event>;

/** The events that Codex printed. */
function readCodex(stdout: string): readonly CodexEvent[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => event.parse(JSON.parse(line)));
}

/** The texts of finished items of one type, such as `agent_message` or `reasoning`. */
export function codexTexts(stdout: string, type: string): readonly string[] {
  return readCodex(stdout).flatMap(({ type: kind, item }) =>
    kind === 'item.completed' && item?.type === type ? [item.text ?? ''] : [],
  );
}
