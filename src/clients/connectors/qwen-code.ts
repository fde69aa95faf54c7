import { folderOf, hasSystemProxy, noProxyWith, pathsOf, variable } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { FileConnector } from '../connector.ts';
import { type Endpoint, keyOf, modelsDefaultFirst, type OfferedModel, openAiUrl } from '../endpoint.ts';
import { listEntries, text, variableNotes } from './values.ts';

const keyVariable = 'LINGMA_PROXY_KEY';

/** Qwen Code: its models by provider, the key in its own `env`, and which of them to begin with. */
export const qwenCode: FileConnector = {
  kind: 'files',
  id: 'qwen-code',
  name: 'Qwen Code',
  traces: { programs: ['qwen'] },

  async files(computer) {
    const path = pathsOf(computer).join(folderOf(computer, 'QWEN_HOME', '.qwen'), 'settings.json');
    return [
      {
        path,
        format: 'json',
        changes(data, endpoint): readonly Change[] {
          const entries = modelsDefaultFirst(endpoint).map((model) => entryOf(model, endpoint));
          const known = text(valueAt(data, ['env', 'NO_PROXY'])) ?? variable(computer, 'NO_PROXY') ?? '';
          return [
            ...listEntries(['modelProviders', 'openai'], entries, ({ id, baseUrl }) => ({ id, baseUrl })),
            { at: ['env', keyVariable], value: keyOf(endpoint) },
            ...(hasSystemProxy(computer)
              ? [{ at: ['env', 'NO_PROXY'], value: noProxyWith(new URL(endpoint.url).hostname, known) }]
              : []),
            { at: ['security', 'auth', 'selectedType'], value: 'openai' },
            { at: ['security', 'auth', 'apiKey'] },
            { at: ['security', 'auth', 'baseUrl'] },
            { at: ['model', 'name'], value: endpoint.model },
            { at: ['model', 'baseUrl'] },
          ];
        },
        addressOf,
      },
    ];
  },

  notes: async (computer) => variableNotes(computer, ['OPENAI_BASE_URL', 'OPENAI_MODEL']),
};

function entryOf({ id, displayName, contextWindow, vision }: OfferedModel, endpoint: Endpoint) {
  return {
    id,
    name: `${displayName} (Lingma)`,
    baseUrl: openAiUrl(endpoint),
    envKey: keyVariable,
    generationConfig: {
      ...(contextWindow === undefined ? {} : { contextWindowSize: contextWindow }),
      modalities: { image: vision !== false },
    },
  };
}

/** Where the chosen model is: the first entry with its name counts. */
function addressOf(data: unknown): string | undefined {
  const type = text(valueAt(data, ['security', 'auth', 'selectedType']));
  const name = text(valueAt(data, ['model', 'name']));
  const entries = type === undefined ? undefined : valueAt(data, ['modelProviders', type]);
  const entry: unknown = Array.isArray(entries)
    ? entries.find((each) => valueAt(each, ['id']) === name)
    : undefined;
  return text(valueAt(entry, ['baseUrl'])) ?? text(valueAt(data, ['security', 'auth', 'baseUrl']));
}
