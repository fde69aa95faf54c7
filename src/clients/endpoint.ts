import { findListedModel, type Model } from '../core/models.ts';
import { parseUrl } from '../core/parse-url.ts';

/** A model as far as clients are told of it. Absent: nobody said. */
export type OfferedModel = Pick<Model, 'id' | 'displayName' | 'contextWindow' | 'vision' | 'reasoning'>;

/** The proxy that clients are to use. */
export interface Endpoint {
  /** Without a path, such as `http://127.0.0.1:8095`: what Anthropic's clients take. */
  readonly url: string;
  /** '' asks for none. */
  readonly apiKey: string;
  readonly model: string;
  /** '' means the same as `model`. */
  readonly smallModel: string;
  readonly models: readonly OfferedModel[];
}

/** The proxy with these settings and models; a model that is named in another way gets the name under which it is listed. */
export function endpointOf(settings: Omit<Endpoint, 'models'>, models: readonly Model[]): Endpoint {
  const { url, apiKey, model, smallModel } = settings;
  const idOf = (name: string) => findListedModel(models, name)?.id ?? name;
  return {
    url,
    apiKey,
    model: idOf(model),
    smallModel: smallModel === '' ? '' : idOf(smallModel),
    models,
  };
}

/** What OpenAI's clients take as the base URL. */
export function openAiUrl({ url }: Endpoint): string {
  return `${url}/v1`;
}

/** The key that clients send; those that insist on one get a placeholder. */
export function keyOf({ apiKey }: Endpoint): string {
  return apiKey || 'any';
}

/** The model for clients' small background calls. */
export function smallModelOf({ model, smallModel }: Endpoint): string {
  return smallModel || model;
}

/** The models with the default one first, as some clients begin with the first. */
export function modelsDefaultFirst({ models, model }: Endpoint): readonly OfferedModel[] {
  const first = models.find(({ id }) => id === model) ?? { id: model, displayName: model };
  return [first, ...models.filter(({ id }) => id !== first.id)];
}

/** Whether an address that a client was given leads to this proxy: same port, same host or another name of this computer. */
export function leadsTo(address: string, endpoint: Endpoint): boolean {
  const [one, other] = [placeOf(address), placeOf(endpoint.url)];
  return one !== undefined && one === other;
}

function placeOf(address: string): string | undefined {
  const url = parseUrl(address);
  if (url === undefined) return undefined;
  const { protocol, hostname, port } = url;
  const isHere = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0'].includes(hostname);
  return `${protocol}//${isHere ? 'localhost' : hostname}:${port}`;
}
