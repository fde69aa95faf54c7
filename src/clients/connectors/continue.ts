import { stat } from 'node:fs/promises';
import { folderOf, pathsOf } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { FileConnector } from '../connector.ts';
import { type Endpoint, keyOf, modelsDefaultFirst, type OfferedModel, openAiUrl } from '../endpoint.ts';
import type { Note } from '../notes.ts';
import { listEntries, noProxyNotes, text } from './values.ts';

/** Continue, both its extension and its command line: models in the local configuration, of which it begins with the first. */
export const continueDev: FileConnector = {
  kind: 'files',
  id: 'continue',
  name: 'Continue',
  traces: { programs: ['cn'], extension: 'continue.continue' },

  async files(computer) {
    const path = pathsOf(computer).join(
      folderOf(computer, 'CONTINUE_GLOBAL_DIR', '.continue'),
      'config.yaml',
    );
    return [
      {
        path,
        format: 'yaml',
        changes(data, endpoint): readonly Change[] {
          const entries = modelsDefaultFirst(endpoint).map((model) => entryOf(model, endpoint));
          const wanted = { name: 'Local Config', version: '1.0.0', schema: 'v1' };
          const missing = Object.entries(wanted).filter(([key]) => valueAt(data, [key]) === undefined);
          return [
            ...missing.map(([key, value]) => ({ at: [key], value })),
            ...listEntries(['models'], entries, ({ name }) => ({ name })),
          ];
        },
        addressOf(data) {
          const models = valueAt(data, ['models']);
          return Array.isArray(models) ? text(valueAt(models[0], ['apiBase'])) : undefined;
        },
      },
    ];
  },

  async notes(computer, endpoint): Promise<readonly Note[]> {
    const { join } = pathsOf(computer);
    const folder = folderOf(computer, 'CONTINUE_GLOBAL_DIR', '.continue');
    const exists = (name: string) =>
      stat(join(folder, name)).then(
        () => true,
        () => false,
      );
    const hides = !(await exists('config.yaml')) && (await exists('config.json'));
    return [
      ...(hides ? [{ kind: 'hides-file', path: join(folder, 'config.json') } as const] : []),
      ...noProxyNotes(computer, endpoint),
    ];
  },
};

function entryOf({ id, displayName, contextWindow, vision }: OfferedModel, endpoint: Endpoint) {
  return {
    name: `${displayName} (Lingma)`,
    provider: 'openai',
    model: id,
    apiBase: openAiUrl(endpoint),
    apiKey: keyOf(endpoint),
    roles: ['chat', 'edit', 'apply'],
    capabilities: ['tool_use', ...(vision === false ? [] : ['image_input'])],
    ...(contextWindow === undefined ? {} : { defaultCompletionOptions: { contextLength: contextWindow } }),
  };
}
