import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningClient, startClient } from './client-run.ts';
import type { ClientPlace } from './stage.ts';

/** The packages through which OpenCode speaks each dialect. */
export type OpenCodeDialect = '@ai-sdk/openai-compatible' | '@ai-sdk/anthropic' | '@ai-sdk/openai';

/** How the model options of each dialect ask for reasoning. */
const reasoningOptions = {
  '@ai-sdk/openai-compatible': { reasoningEffort: 'high' },
  '@ai-sdk/anthropic': { thinking: { type: 'enabled', budgetTokens: 4_000 } },
  '@ai-sdk/openai': { reasoningEffort: 'high', reasoningSummary: 'auto' },
} as const satisfies Record<OpenCodeDialect, object>;

export interface OpenCodeOptions {
  readonly prompt: string;
  readonly dialect?: OpenCodeDialect;
  readonly args?: readonly string[];
}

/** Starts OpenCode without a terminal; its output is one JSON event a line. */
export function startOpenCode(place: ClientPlace, options: OpenCodeOptions): RunningClient {
  const { prompt, dialect = '@ai-sdk/openai-compatible', args = [] } = options;
  const kmodel = {
    name: 'kmodel',
    reasoning: true,
    ...(dialect === '@ai-sdk/openai-compatible' ? { interleaved: { field: 'reasoning_content' } } : {}),
    attachment: true,
    options: reasoningOptions[dialect],
    modalities: { input: ['text', 'image'], output: ['text'] },
  };
  const provider = {
    lingma: {
      npm: dialect,
      options: { baseURL: `${place.proxyUrl}/v1`, apiKey: 'any' },
      models: { kmodel },
    },
  };
  writeFileSync(join(place.workspace, 'opencode.json'), JSON.stringify({ provider }));
  return startClient(
    join(place.bin, 'opencode'),
    ['run', '--format', 'json', '--thinking', '-m', 'lingma/kmodel', ...args, '--', prompt],
    {
      cwd: place.workspace,
      env: {
        HOME: place.home,
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      },
    },
  );
}
