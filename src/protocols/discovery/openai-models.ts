import type { Model } from '../../core/models.ts';

/**
 * A model as `GET /v1/models` of OpenAI lists it. Upstream says nothing of dates, so `created` is 0. What upstream did
 * say stands in further fields, under the names by which clients of other servers look for it.
 */
export interface OpenAiModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: 0;
  readonly owned_by: string;
  readonly display_name: string;
  /** Other names that a request may use for it. */
  readonly aliases?: readonly string[];
  /** Tokens. */
  readonly context_window?: number;
  /** The same number, as OpenRouter and its clients call it. */
  readonly context_length?: number;
  readonly capabilities?: { readonly vision?: boolean; readonly reasoning?: boolean };
  readonly is_default?: boolean;
}

export function encodeOpenAiModel(model: Model): OpenAiModel {
  const capabilities = {
    ...(model.vision === undefined ? {} : { vision: model.vision }),
    ...(model.reasoning === undefined ? {} : { reasoning: model.reasoning }),
  };
  return {
    id: model.id,
    object: 'model',
    created: 0,
    owned_by: model.source || 'lingma',
    display_name: model.displayName,
    ...(model.aliases.length === 0 ? {} : { aliases: model.aliases }),
    ...(model.contextWindow === undefined
      ? {}
      : { context_window: model.contextWindow, context_length: model.contextWindow }),
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilities }),
    ...(model.isDefault === undefined ? {} : { is_default: model.isDefault }),
  };
}

/** OpenAI's list holds just what upstream lists; aliases are no entries of their own. */
export function encodeOpenAiModelList(models: readonly Model[]): {
  readonly object: 'list';
  readonly data: readonly OpenAiModel[];
} {
  return { object: 'list', data: models.map(encodeOpenAiModel) };
}
