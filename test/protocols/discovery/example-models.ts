import type { Model } from '../../../src/core/models.ts';
import type { ServiceInfo } from '../../../src/protocols/discovery/service-info.ts';

/** One model of which upstream said everything, and one of which it said little. */
export const models: readonly Model[] = [
  {
    id: 'mmodel',
    key: 'mmodel',
    displayName: 'mmodel',
    aliases: [],
    scene: 'chat',
  },
  {
    id: 'kmodel',
    key: 'kmodel',
    displayName: 'Kimi-K2.6',
    aliases: ['Kimi-K2.6'],
    scene: 'chat',
    source: 'system',
    contextWindow: 256_000,
    vision: true,
    reasoning: false,
    isDefault: true,
  },
];

export const service: ServiceInfo = { version: '0.1.0', backend: 'remote', maxConcurrent: 4 };
