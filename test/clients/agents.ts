import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningClient, startClient } from './client-run.ts';
import type { ClientPlace } from './stage.ts';

/** The dialects as Qwen Code names them. */
export type QwenDialect = 'openai' | 'openai-responses' | 'anthropic';

/** Starts Qwen Code without a terminal. */
export function startQwenCode(place: ClientPlace, prompt: string, dialect: QwenDialect): RunningClient {
  return startClient(
    join(place.bin, 'qwen'),
    ['--auth-type', dialect, '-m', 'kmodel', '-y', '-o', 'stream-json', '-p', prompt],
    {
      cwd: place.workspace,
      env: {
        HOME: place.home,
        OPENAI_API_KEY: 'any',
        OPENAI_BASE_URL: `${place.proxyUrl}/v1`,
        OPENAI_MODEL: 'kmodel',
        ANTHROPIC_API_KEY: 'any',
        ANTHROPIC_BASE_URL: place.proxyUrl,
        ANTHROPIC_MODEL: 'kmodel',
      },
    },
  );
}

/** Starts Continue's command line. */
export function startContinue(
  place: ClientPlace,
  prompt: string,
  provider: 'openai' | 'anthropic',
): RunningClient {
  const config = join(place.home, 'config.yaml');
  writeFileSync(
    config,
    `name: Lingma
version: 1.0.0
schema: v1
models:
  - name: kmodel
    provider: ${provider}
    model: kmodel
    apiBase: ${place.proxyUrl}/v1
    apiKey: any
    roles: [chat, edit, apply]
    capabilities: [tool_use]
`,
  );
  return startClient(join(place.bin, 'cn'), ['--config', config, '--auto', '-p', prompt], {
    cwd: place.workspace,
    env: { HOME: place.home, CONTINUE_TELEMETRY_ENABLED: '0' },
  });
}

/** Starts Cline's command line. */
export function startCline(place: ClientPlace, prompt: string): RunningClient {
  const folder = join(place.home, '.cline', 'data', 'settings');
  mkdirSync(folder, { recursive: true });
  const provider = 'openai-compatible';
  // What `cline auth` writes, in seconds that these tests do not have.
  const settings = { provider, apiKey: 'any', model: 'kmodel', baseUrl: `${place.proxyUrl}/v1` };
  const entry = { settings, updatedAt: new Date().toISOString(), tokenSource: 'manual' };
  writeFileSync(
    join(folder, 'providers.json'),
    JSON.stringify({ version: 1, lastUsedProvider: provider, modes: {}, providers: { [provider]: entry } }),
  );
  return startClient(join(place.bin, 'cline'), ['--json', '-P', provider, '-m', 'kmodel', prompt], {
    cwd: place.workspace,
    env: { HOME: place.home },
  });
}
