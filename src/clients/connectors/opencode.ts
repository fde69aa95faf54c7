import { stat } from 'node:fs/promises';
import { isRecord } from '../../core/json.ts';
import { type Computer, pathsOf, variable } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { FileConnector } from '../connector.ts';
import {
  type Endpoint,
  keyOf,
  modelsDefaultFirst,
  type OfferedModel,
  openAiUrl,
  smallModelOf,
} from '../endpoint.ts';
import { noProxyNotes, providerName, text } from './values.ts';

/** OpenCode asks for no more than this many tokens in any case, and wants a number as soon as the context window is told. */
const outputLimit = 32_000;

/** OpenCode: a provider through its package for OpenAI-compatible servers. */
export const openCode: FileConnector = {
  kind: 'files',
  id: 'opencode',
  name: 'OpenCode',
  traces: { programs: ['opencode'] },

  async files(computer) {
    return [{ path: await configFile(computer), format: 'json', changes, addressOf }];
  },

  notes: async (computer, endpoint) => noProxyNotes(computer, endpoint),
};

function changes(data: unknown, endpoint: Endpoint): readonly Change[] {
  const models = modelsDefaultFirst(endpoint).map((model) => [model.id, entryOf(model)] as const);
  const provider = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Lingma',
    options: { baseURL: openAiUrl(endpoint), apiKey: keyOf(endpoint) },
    models: Object.fromEntries(models),
  };
  return [
    ...(isRecord(data) && Object.keys(data).length === 0
      ? [{ at: ['$schema'], value: 'https://opencode.ai/config.json' }]
      : []),
    { at: ['provider', providerName], value: provider },
    { at: ['model'], value: `${providerName}/${endpoint.model}` },
    { at: ['small_model'], value: `${providerName}/${smallModelOf(endpoint)}` },
    ...(valueAt(data, ['enabled_providers']) === undefined
      ? []
      : [{ at: ['enabled_providers'], item: providerName, value: providerName }]),
    { at: ['disabled_providers'], item: providerName },
  ];
}

function entryOf({ displayName, contextWindow, vision }: OfferedModel) {
  return {
    name: displayName,
    tool_call: true,
    reasoning: true,
    interleaved: { field: 'reasoning_content' },
    attachment: vision !== false,
    modalities: { input: vision === false ? ['text'] : ['text', 'image'], output: ['text'] },
    ...(contextWindow === undefined ? {} : { limit: { context: contextWindow, output: outputLimit } }),
  };
}

function addressOf(data: unknown): string | undefined {
  const provider = text(valueAt(data, ['model']))?.split('/')[0];
  return provider === undefined
    ? undefined
    : text(valueAt(data, ['provider', provider, 'options', 'baseURL']));
}

/** The file that wins: the one that a variable names, else `opencode.jsonc`, else `opencode.json`. */
async function configFile(computer: Computer): Promise<string> {
  const named = variable(computer, 'OPENCODE_CONFIG');
  const { join, resolve } = pathsOf(computer);
  if (named !== undefined) return resolve(named);
  const base = variable(computer, 'XDG_CONFIG_HOME') ?? join(computer.home, '.config');
  const commented = join(base, 'opencode', 'opencode.jsonc');
  const isThere = await stat(commented).then(
    () => true,
    () => false,
  );
  return isThere ? commented : join(base, 'opencode', 'opencode.json');
}
