import { ProxyError } from '../../core/errors.ts';
import { isRecord, type JsonRecord } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import { defaultModelKey, findKnownModel, findListedModel, type Model } from '../../core/models.ts';

/** Nesting beyond this is not a model list. */
const maxDepth = 12;

/**
 * The models in a `config/queryModels` result: every object, however deep, that has an id (`id`, `modelId`, `key`) and a
 * name (`name`, `label`, `displayName`, `title`); its scene is the nearest enclosing key of a group. Each id counts once.
 */
export function readModels(result: unknown): Model[] {
  const models = new Map<string, Model>();
  const visit = (value: unknown, scene: string, depth: number): void => {
    if (depth > maxDepth) return;
    if (Array.isArray(value)) for (const item of value) visit(item, scene, depth + 1);
    if (!isRecord(value)) return;
    const model = readModel(value, scene);
    if (model && !models.has(model.key)) models.set(model.key, model);
    for (const [key, inner] of Object.entries(value)) visit(inner, sceneAt(key, scene), depth + 1);
  };
  visit(result, '', 0);
  return [...models.values()];
}

/** Picks the model that a turn names; '' means the default. Throws `model-not-found` with the names that there are. */
export function chooseModel(models: readonly Model[], name: string): Model {
  const wanted = name === '' ? defaultModelKey : name;
  const found = findListedModel(models, wanted) ?? (name === '' ? models[0] : undefined);
  if (found) return found;
  const names = models.map((model) => model.id).join(', ');
  throw new ProxyError(
    'model-not-found',
    models.length === 0
      ? phrase('The Lingma / QoderCN runtime lists no models. Sign in to Lingma / QoderCN and try again.')
      : phrase('The Lingma / QoderCN runtime has no model "{0}". It has: {1}.', name, names),
  );
}

function readModel(entry: JsonRecord, scene: string): Model | undefined {
  const { id, modelId, label, displayName, title } = entry;
  const key = firstText(id, modelId, entry['key']);
  const name = firstText(entry['name'], label, displayName, title);
  if (key === undefined || name === undefined) return undefined;
  const known = findKnownModel(name) ?? findKnownModel(key);
  const aliases = [firstText(entry['key']), known?.key, known?.name].filter(
    (alias) => alias !== undefined && alias !== name && alias !== key,
  );
  return {
    id: name,
    key,
    displayName: firstText(displayName, label, title) ?? name,
    aliases: [...new Set(aliases)].filter((alias) => alias !== undefined),
    scene,
    ...(known?.contextWindow === undefined ? {} : { contextWindow: known.contextWindow }),
  };
}

const scenes: readonly string[] = ['assistant', 'chat', 'developer', 'inline', 'quest'];

/** A known scene stays the scene of all below it; elsewhere the nearest key names it. */
function sceneAt(key: string, enclosing: string): string {
  return scenes.includes(enclosing) && !scenes.includes(key) ? enclosing : key;
}

function firstText(...candidates: readonly unknown[]): string | undefined {
  for (const candidate of candidates) {
    if (typeof candidate === 'string' && candidate !== '') return candidate;
    if (typeof candidate === 'number') return String(candidate);
  }
  return undefined;
}
