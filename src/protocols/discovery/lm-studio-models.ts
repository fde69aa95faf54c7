import type { Model } from '../../core/models.ts';

/**
 * `GET /api/v1/models` of LM Studio's native REST API. The models run elsewhere: each counts as loaded, because it
 * answers at once, and what describes a file on disk is null, 0 or ''. So is a context length that upstream did not give.
 */
export function encodeLmStudioModels(models: readonly Model[]): object {
  return { models: models.map(encodeLmStudioModel) };
}

function encodeLmStudioModel(model: Model): object {
  const contextLength = model.contextWindow ?? 0;
  return {
    type: 'llm',
    publisher: model.source ?? '',
    key: model.id,
    display_name: model.displayName,
    architecture: null,
    quantization: null,
    size_bytes: 0,
    params_string: null,
    loaded_instances: [{ id: model.id, config: { context_length: contextLength } }],
    max_context_length: contextLength,
    format: null,
    // Tools work with every model: where upstream has none, the proxy supplies them.
    capabilities: { vision: model.vision ?? false, trained_for_tool_use: true },
    description: null,
  };
}
