import { isRecord } from '../../core/json.ts';
import { folderOf, pathsOf } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { FileConnector } from '../connector.ts';
import { keyOf, modelsDefaultFirst, openAiUrl } from '../endpoint.ts';
import { noProxyNotes, providerName, text } from './values.ts';

/** What else Hermes' `model` may say of the endpoint that was used before, and would win over the provider's own. */
const rivals = ['base_url', 'api_key', 'api_mode', 'context_length'];

/** Hermes Agent: a custom provider by name, and the default model. */
export const hermes: FileConnector = {
  kind: 'files',
  id: 'hermes',
  name: 'Hermes Agent',
  traces: { programs: ['hermes'] },

  async files(computer) {
    return [
      {
        path: pathsOf(computer).join(folderOf(computer, 'HERMES_HOME', '.hermes'), 'config.yaml'),
        format: 'yaml',
        changes(data, endpoint): readonly Change[] {
          const models = modelsDefaultFirst(endpoint).map(({ id, contextWindow }) => [
            id,
            contextWindow === undefined ? {} : { context_length: contextWindow },
          ]);
          const chosen = { default: endpoint.model, provider: `custom:${providerName}` };
          return [
            // A model may be named in one line, too.
            ...(isRecord(valueAt(data, ['model']))
              ? [
                  ...rivals.map((key) => ({ at: ['model', key] })),
                  ...Object.entries(chosen).map(([key, value]) => ({ at: ['model', key], value })),
                ]
              : [{ at: ['model'], value: chosen }]),
            {
              at: ['providers', providerName],
              value: {
                base_url: openAiUrl(endpoint),
                api_key: keyOf(endpoint),
                api_mode: 'chat_completions',
                default_model: endpoint.model,
                models: Object.fromEntries(models),
              },
            },
          ];
        },
        addressOf(data) {
          const model = valueAt(data, ['model']);
          if (!isRecord(model)) return undefined;
          const name = text(model['provider'])?.replace(/^custom:/, '');
          const own = name === undefined ? undefined : valueAt(data, ['providers', name]);
          return text(isRecord(own) ? (own['base_url'] ?? own['api']) : model['base_url']);
        },
      },
    ];
  },

  notes: async (computer, endpoint) => noProxyNotes(computer, endpoint),
};
