import type { Model } from '../../core/models.ts';
import type { ServiceInfo } from './service-info.ts';

/**
 * `GET /api/tags` of Ollama. Upstream says nothing of files, so size is 0, the digest and all details are '', and the
 * date is the Unix epoch.
 */
export function encodeOllamaTags(models: readonly Model[]): object {
  return {
    models: models.map((model) => ({
      name: model.id,
      model: model.id,
      modified_at: '1970-01-01T00:00:00Z',
      size: 0,
      digest: '',
      details: {
        parent_model: '',
        format: '',
        family: '',
        families: [],
        parameter_size: '',
        quantization_level: '',
      },
    })),
  };
}

/** `GET /api/version` of Ollama, with this proxy's own version. */
export function encodeOllamaVersion(service: ServiceInfo): object {
  return { version: service.version };
}
