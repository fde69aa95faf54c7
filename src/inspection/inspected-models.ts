import { findKnownModel, type Model } from '../core/models.ts';
import type { InspectedModel } from '../shared/inspector-calls.ts';

export interface ModelSources {
  readonly backend: string;
  readonly models: readonly Model[];
  /** The key of the model that a name leads to; '' is no name. */
  readonly resolve: (name: string) => string | undefined;
  /** Names and patterns of the person's own rules. */
  readonly patterns: readonly string[];
}

/** What the active backend lists, with what the proxy makes of it. */
export function inspectedModels({ backend, models, resolve, patterns }: ModelSources): InspectedModel[] {
  const defaultKey = resolve('');
  return models.map((model) => {
    const { id, displayName, aliases, scene, source, contextWindow, vision, reasoning } = model;
    const otherBackendName = nameOnTheOther(backend, model);
    return {
      id,
      displayName,
      aliases,
      scene,
      ...(source === undefined ? {} : { source }),
      ...(contextWindow === undefined ? {} : { contextWindow }),
      ...(vision === undefined ? {} : { vision }),
      ...(reasoning === undefined ? {} : { reasoning }),
      isDefault: model.key === defaultKey,
      ...(otherBackendName === undefined ? {} : { otherBackendName }),
      mappedFrom: patterns.filter((pattern) => resolve(pattern) === model.key),
    };
  });
}

function nameOnTheOther(backend: string, { key, id }: Model): string | undefined {
  const known = findKnownModel(key) ?? findKnownModel(id);
  return backend === 'remote' ? known?.name : known?.key;
}
