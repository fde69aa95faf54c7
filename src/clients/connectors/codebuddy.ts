import { folderOf, pathsOf } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { FileConnector } from '../connector.ts';
import { type Endpoint, keyOf, modelsDefaultFirst, type OfferedModel, openAiUrl } from '../endpoint.ts';
import { listEntries, noProxyNotes, text } from './values.ts';

const vendor = 'Lingma';

/** CodeBuddy, both its IDE and its command line: models of one's own, each with the whole address of its API. */
export const codeBuddy: FileConnector = {
  kind: 'files',
  id: 'codebuddy',
  name: 'CodeBuddy',
  traces: { programs: ['codebuddy'], extension: 'tencent-cloud.coding-copilot' },

  async files(computer) {
    return [
      {
        path: pathsOf(computer).join(folderOf(computer, 'CODEBUDDY_CONFIG_DIR', '.codebuddy'), 'models.json'),
        format: 'json',
        changes(data, endpoint): readonly Change[] {
          const entries = modelsDefaultFirst(endpoint).map((model) => entryOf(model, endpoint));
          const isLimited = valueAt(data, ['availableModels']) !== undefined;
          return [
            ...listEntries(['models'], entries, ({ id }) => ({ id })),
            ...(isLimited
              ? listEntries(
                  ['availableModels'],
                  entries.map(({ id }) => id),
                  (id) => id,
                )
              : []),
          ];
        },
        addressOf(data) {
          const models = valueAt(data, ['models']);
          const own: unknown = Array.isArray(models)
            ? models.find((model) => valueAt(model, ['vendor']) === vendor)
            : undefined;
          return text(valueAt(own, ['url']));
        },
      },
    ];
  },

  notes: async (computer, endpoint) => [
    { kind: 'choose-model', how: `/model, or codebuddy --model ${endpoint.model}` },
    ...noProxyNotes(computer, endpoint),
  ],
};

function entryOf({ id, displayName, contextWindow, vision }: OfferedModel, endpoint: Endpoint) {
  return {
    id,
    name: displayName,
    vendor,
    url: `${openAiUrl(endpoint)}/chat/completions`,
    apiKey: keyOf(endpoint),
    ...(contextWindow === undefined ? {} : { maxInputTokens: contextWindow }),
    supportsToolCall: true,
    supportsImages: vision !== false,
    supportsReasoning: true,
  };
}
