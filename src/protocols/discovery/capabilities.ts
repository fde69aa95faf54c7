import type { Model } from '../../core/models.ts';
import { encodeOpenAiModel, type OpenAiModel } from './openai-models.ts';
import { type ServiceInfo, serviceName } from './service-info.ts';

/** What depends on how this proxy is set up. */
export interface CapabilitiesInfo extends ServiceInfo {
  /** Requests may hold images. */
  readonly images: boolean;
}

const endpoints = {
  health: '/health',
  models: '/v1/models',
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  messages: '/v1/messages',
  count_tokens: '/v1/messages/count_tokens',
  capabilities: '/capabilities',
  version: '/version',
  requests: '/debug/requests',
  access_logs: '/debug/access-logs',
};

export interface Capabilities {
  readonly service: string;
  readonly version: string;
  readonly backend: string;
  readonly protocols: readonly string[];
  readonly features: Readonly<Record<string, boolean>>;
  /** Paths by what they are for. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly models: readonly OpenAiModel[];
}

/** `GET /capabilities`: the dialects spoken here, what they can do, where they are, and the models. */
export function encodeCapabilities(models: readonly Model[], info: CapabilitiesInfo): Capabilities {
  return {
    service: serviceName,
    version: info.version,
    backend: info.backend,
    protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
    features: {
      streaming: true,
      tools: true,
      parallel_tool_calls: true,
      custom_tools: true,
      images: info.images,
      reasoning: true,
      structured_output: true,
      stop_sequences: true,
      token_counting: true,
      audio: false,
      embeddings: false,
      web_search: false,
    },
    endpoints,
    models: models.map(encodeOpenAiModel),
  };
}

/** `GET /version`. */
export function encodeVersion(service: ServiceInfo): object {
  return { service: serviceName, version: service.version };
}
