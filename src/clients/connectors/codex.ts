import { isRecord } from '../../core/json.ts';
import { folderOf, pathsOf } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { FileConnector } from '../connector.ts';
import { openAiUrl } from '../endpoint.ts';
import { codexCatalog } from './codex-catalog.ts';
import { noProxyNotes, providerName, text } from './values.ts';

/** Top-level keys that tell sizes of the model that was used before. */
const sizesOfOtherModels = [
  'model_context_window',
  'model_auto_compact_token_limit',
  'model_max_output_tokens',
];

/** Codex CLI: a provider that speaks Responses, and a catalog of the models, without which it would not know their sizes. */
export const codex: FileConnector = {
  kind: 'files',
  id: 'codex',
  name: 'Codex CLI',
  traces: { programs: ['codex'] },

  async files(computer) {
    const { join } = pathsOf(computer);
    const folder = folderOf(computer, 'CODEX_HOME', '.codex');
    const catalog = join(folder, 'lingma-models.json');
    return [
      {
        path: join(folder, 'config.toml'),
        format: 'toml',
        changes(data, endpoint): readonly Change[] {
          return [
            ...rivals(data).map((key) => ({ at: [key] })),
            { at: ['model'], value: endpoint.model },
            { at: ['model_provider'], value: providerName },
            { at: ['model_catalog_json'], value: catalog },
            {
              at: ['model_providers', providerName],
              value: {
                name: 'Lingma',
                base_url: openAiUrl(endpoint),
                wire_api: 'responses',
                ...(endpoint.apiKey === '' ? {} : { experimental_bearer_token: endpoint.apiKey }),
              },
            },
          ];
        },
        addressOf(data) {
          const provider = text(valueAt(data, ['model_provider']));
          return provider === undefined
            ? undefined
            : text(valueAt(data, ['model_providers', provider, 'base_url']));
        },
      },
      { path: catalog, text: codexCatalog },
    ];
  },

  notes: async (computer, endpoint) => noProxyNotes(computer, endpoint),
};

/** Keys that would win over what is set: sizes, and a chosen profile that names a model of its own. */
function rivals(data: unknown): readonly string[] {
  const profile = text(valueAt(data, ['profile']));
  const chosen = profile === undefined ? undefined : valueAt(data, ['profiles', profile]);
  const isRival = isRecord(chosen) && ('model' in chosen || 'model_provider' in chosen);
  return isRival ? [...sizesOfOtherModels, 'profile'] : sizesOfOtherModels;
}
