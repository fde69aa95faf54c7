import { folderOf, pathsOf, variable } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { FileConnector } from '../connector.ts';
import { keyOf, openAiUrl } from '../endpoint.ts';
import { noProxyNotes, text } from './values.ts';

const provider = 'openai-compatible';

/** Cline's command line: the provider that `cline auth` would write, and that it was used last. */
export const cline: FileConnector = {
  kind: 'files',
  id: 'cline',
  name: 'Cline CLI',
  traces: { programs: ['cline'] },

  async files(computer) {
    const { join, resolve } = pathsOf(computer);
    const named = variable(computer, 'CLINE_PROVIDER_SETTINGS_PATH');
    const data =
      variable(computer, 'CLINE_DATA_DIR') ?? join(folderOf(computer, 'CLINE_DIR', '.cline'), 'data');
    return [
      {
        path: named === undefined ? join(data, 'settings', 'providers.json') : resolve(named),
        format: 'json',
        changes(known, endpoint): readonly Change[] {
          const settings = {
            provider,
            apiKey: keyOf(endpoint),
            model: endpoint.model,
            baseUrl: openAiUrl(endpoint),
          };
          return [
            ...(valueAt(known, ['version']) === undefined ? [{ at: ['version'], value: 1 }] : []),
            ...(valueAt(known, ['modes']) === undefined ? [{ at: ['modes'], value: {} }] : []),
            { at: ['lastUsedProvider'], value: provider },
            {
              at: ['providers', provider],
              // Cline wants a time here and does nothing else with it; a fixed one keeps the same change the same.
              value: { settings, updatedAt: '2000-01-01T00:00:00.000Z', tokenSource: 'manual' },
            },
          ];
        },
        addressOf(known) {
          const last = text(valueAt(known, ['lastUsedProvider']));
          return last === undefined
            ? undefined
            : text(valueAt(known, ['providers', last, 'settings', 'baseUrl']));
        },
      },
    ];
  },

  notes: async (computer, endpoint) => noProxyNotes(computer, endpoint),
};
