import { isRecord } from '../../core/json.ts';
import { folderOf, pathsOf, variable } from '../computer.ts';
import { type Change, valueAt } from '../config-data.ts';
import type { FileConnector } from '../connector.ts';
import { type Endpoint, keyOf, modelsDefaultFirst, type OfferedModel, openAiUrl } from '../endpoint.ts';
import { noProxyNotes, providerName, text } from './values.ts';

/** OpenClaw: a provider of its own beside the built-in ones, and the agents' default model. */
export const openClaw: FileConnector = {
  kind: 'files',
  id: 'openclaw',
  name: 'OpenClaw',
  traces: { programs: ['openclaw'] },

  async files(computer) {
    const { join, resolve } = pathsOf(computer);
    const named = variable(computer, 'OPENCLAW_CONFIG_PATH');
    const folder = folderOf(computer, 'OPENCLAW_STATE_DIR', '.openclaw');
    return [
      {
        path: named === undefined ? join(folder, 'openclaw.json') : resolve(named),
        format: 'json',
        changes,
        addressOf,
      },
    ];
  },

  notes: async (computer, endpoint) => noProxyNotes(computer, endpoint),
};

function changes(data: unknown, endpoint: Endpoint): readonly Change[] {
  const model = `${providerName}/${endpoint.model}`;
  const defaults = ['agents', 'defaults'];
  const chosen = valueAt(data, [...defaults, 'model']);
  return [
    {
      at: ['models', 'providers', providerName],
      value: {
        baseUrl: openAiUrl(endpoint),
        apiKey: keyOf(endpoint),
        api: 'openai-completions',
        models: modelsDefaultFirst(endpoint).map(entryOf),
      },
    },
    typeof chosen === 'string'
      ? { at: [...defaults, 'model'], value: model }
      : { at: [...defaults, 'model', 'primary'], value: model },
    // A list of models that may be chosen, when there is one, has to hold it.
    ...(isRecord(valueAt(data, [...defaults, 'models']))
      ? [{ at: [...defaults, 'models', model], value: {} }]
      : []),
  ];
}

function entryOf({ id, displayName, contextWindow, vision, reasoning }: OfferedModel) {
  return {
    id,
    name: displayName,
    ...(reasoning === undefined ? {} : { reasoning }),
    input: vision === false ? ['text'] : ['text', 'image'],
    ...(contextWindow === undefined ? {} : { contextWindow }),
  };
}

function addressOf(data: unknown): string | undefined {
  const chosen = valueAt(data, ['agents', 'defaults', 'model']);
  const model = text(isRecord(chosen) ? chosen['primary'] : chosen);
  const provider = model?.split('/')[0];
  return provider === undefined
    ? undefined
    : text(valueAt(data, ['models', 'providers', provider, 'baseUrl']));
}
