import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProxyError } from '../../core/errors.ts';
import { findListedModel, type Model } from '../../core/models.ts';
import {
  decodeModelPaging,
  encodeAnthropicModel,
  encodeAnthropicModelPage,
} from '../../protocols/discovery/anthropic-models.ts';
import { encodeOpenAiModel, encodeOpenAiModelList } from '../../protocols/discovery/openai-models.ts';
import type { Services } from '../services.ts';
import { signalOf } from '../when-client-leaves.ts';

/** The model list, in Anthropic's shape for who names a version of its API, else in OpenAI's. */
export function modelsRoutes(app: FastifyInstance, { models }: Services): void {
  app.get('/v1/models', async (request, reply) => {
    const listed = await models(signalOf(reply));
    return isAnthropic(request)
      ? encodeAnthropicModelPage(listed, decodeModelPaging(request.query))
      : encodeOpenAiModelList(listed);
  });

  app.get<{ Params: { '*': string } }>('/v1/models/*', async (request, reply) => {
    const model = requireModel(await models(signalOf(reply)), request.params['*']);
    return isAnthropic(request) ? encodeAnthropicModel(model) : encodeOpenAiModel(model);
  });
}

function isAnthropic(request: FastifyRequest): boolean {
  return request.headers['anthropic-version'] !== undefined;
}

function requireModel(listed: readonly Model[], name: string): Model {
  const model = findListedModel(listed, name);
  if (model) return model;
  throw new ProxyError(
    'model-not-found',
    `Lingma lists no model "${name.slice(0, 100)}". GET /v1/models lists those of this account.`,
    { param: 'model' },
  );
}
