import { defaultModelKey, findKnownModel, findListedModel, type Model } from '../../core/models.ts';

/** The model of one request, as upstream is told and as the client is told. */
export interface ChosenModel {
  /** Empty lets upstream choose. */
  readonly key: string;
  /** Upstream lists it as a model that always thinks. */
  readonly reasoning: boolean;
}

/**
 * The key for a model's name. `listed` is what upstream listed last, if it was asked yet; a name that nobody knows is passed
 * on as it is, for upstream to judge.
 */
export function chooseModel(name: string, listed: readonly Model[]): ChosenModel {
  const wanted = name === '' ? defaultModelKey : name;
  const model = findListedModel(listed, wanted);
  if (model) return { key: model.key, reasoning: model.reasoning ?? false };
  const key = wanted.toLowerCase() === 'auto' ? '' : (findKnownModel(wanted)?.key ?? wanted);
  return { key, reasoning: findListedModel(listed, key)?.reasoning ?? false };
}
