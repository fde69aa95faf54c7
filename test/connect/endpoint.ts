import type { Endpoint } from '../../src/clients/endpoint.ts';

/** A proxy as the connectors are told of it. */
export const endpoint: Endpoint = {
  url: 'http://127.0.0.1:8095',
  apiKey: '',
  model: 'kmodel',
  smallModel: 'mmodel',
  models: [
    { id: 'kmodel', displayName: 'Kimi-K2.6', contextWindow: 256_000, vision: true, reasoning: false },
    { id: 'mmodel', displayName: 'MiniMax-M2.7', contextWindow: 200_000, vision: false },
    { id: 'org_auto', displayName: 'Auto' },
  ],
};
