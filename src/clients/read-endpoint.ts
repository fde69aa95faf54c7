import * as z from 'zod';
import { phrase } from '../core/localizer.ts';
import { findListedModel, knownModels, type Model } from '../core/models.ts';
import { ConnectError } from './connect-error.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';
import type { Note } from './notes.ts';

/** What the settings say of the proxy. */
export interface ProxySettings {
  readonly host: string;
  readonly port: number;
  /** '' asks for none. */
  readonly apiKey: string;
  readonly backend: 'remote' | 'ipc';
  readonly model: string;
  /** '' means the same as `model`. */
  readonly smallModel: string;
}

const healthSchema = z.looseObject({ service: z.literal('lingma-proxy') });
const modelsSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      display_name: z.string().optional(),
      aliases: z.array(z.string()).default([]),
      context_window: z.number().optional(),
      capabilities: z
        .looseObject({ vision: z.boolean().optional(), reasoning: z.boolean().optional() })
        .optional(),
    }),
  ),
});

const patienceMs = 5_000;

/**
 * The proxy as clients are to use it: address and key by the settings, models by the running proxy itself. Without one, by what is
 * known of the models of such accounts; a note says so. Throws `ConnectError` when the port is any free one.
 */
export async function readEndpoint(
  settings: ProxySettings,
): Promise<{ readonly endpoint: Endpoint; readonly notes: readonly Note[] }> {
  if (settings.port === 0) {
    throw new ConnectError(
      'no-fixed-port',
      phrase(
        'With port 0 the proxy takes another port at each start, so no client can be led to it. Set a port.',
      ),
    );
  }
  const url = proxyUrl(settings);
  const listed = await listModels(url, settings.apiKey);
  const models = Array.isArray(listed) ? listed : knownTo(settings.backend);
  const isUnknown = Array.isArray(listed) && !findListedModel(models, settings.model);
  return {
    endpoint: endpointOf({ ...settings, url }, models),
    notes: [
      ...(Array.isArray(listed) ? [] : [{ kind: listed, url }]),
      ...(isUnknown ? [{ kind: 'unknown-model', model: settings.model } as const] : []),
    ],
  };
}

/** Where clients reach a proxy with these settings, without a path. */
export function proxyUrl({ host, port }: Pick<ProxySettings, 'host' | 'port'>): string {
  return `http://${reachable(host)}:${port}`;
}

/** An address to call where one to listen on is given. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

type Reason = 'not-running' | 'other-program' | 'refused-key' | 'no-models';

async function listModels(url: string, apiKey: string): Promise<Model[] | Reason> {
  const headers = {
    'user-agent': 'lingma-proxy',
    ...(apiKey !== '' && { authorization: `Bearer ${apiKey}` }),
  };
  const get = (path: string) =>
    fetch(url + path, {
      headers,
      signal: AbortSignal.timeout(patienceMs),
    });
  const health = await get('/health').catch(() => undefined);
  if (!health) return 'not-running';
  if (!healthSchema.safeParse(await health.json().catch(() => undefined)).success) return 'other-program';
  const answer = await get('/v1/models').catch(() => undefined);
  if (answer?.status === 401 || answer?.status === 403) return 'refused-key';
  const parsed = modelsSchema.safeParse(await answer?.json().catch(() => undefined));
  if (!parsed.success || parsed.data.data.length === 0) return 'no-models';
  return parsed.data.data.map(({ id, display_name, aliases, context_window, capabilities }) => ({
    id,
    key: id,
    displayName: display_name ?? id,
    aliases,
    scene: '',
    ...(context_window === undefined ? {} : { contextWindow: context_window }),
    ...(capabilities?.vision === undefined ? {} : { vision: capabilities.vision }),
    ...(capabilities?.reasoning === undefined ? {} : { reasoning: capabilities.reasoning }),
  }));
}

function knownTo(backend: ProxySettings['backend']): Model[] {
  return knownModels.map(({ name, key, contextWindow }) => ({
    id: backend === 'ipc' ? name : key,
    key,
    displayName: name,
    aliases: [name, key],
    scene: '',
    ...(contextWindow === undefined ? {} : { contextWindow }),
  }));
}
