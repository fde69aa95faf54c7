import type { Model } from '../../core/models.ts';
import { type ServiceInfo, serviceName } from './service-info.ts';

/**
 * `GET /props` of llama.cpp's server, which knows one model: upstream's default, else the first. No file and no chat
 * template are behind it, so both are ''; an unknown context length is 0.
 */
export function encodeLlamaCppProps(models: readonly Model[], service: ServiceInfo): object {
  const model = models.find((candidate) => candidate.isDefault) ?? models[0];
  return {
    default_generation_settings: { n_ctx: model?.contextWindow ?? 0, params: {} },
    total_slots: service.maxConcurrent,
    model_alias: model?.id ?? '',
    model_path: '',
    chat_template: '',
    modalities: { vision: model?.vision ?? false, audio: false },
    build_info: `${serviceName} ${service.version}`,
  };
}
