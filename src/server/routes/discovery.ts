import type { FastifyInstance } from 'fastify';
import { encodeCapabilities, encodeVersion } from '../../protocols/discovery/capabilities.ts';
import { encodeLlamaCppProps } from '../../protocols/discovery/llama-cpp-props.ts';
import { encodeLmStudioModels } from '../../protocols/discovery/lm-studio-models.ts';
import { encodeOllamaTags, encodeOllamaVersion } from '../../protocols/discovery/ollama.ts';
import type { Services } from '../services.ts';
import { signalOf } from '../when-client-leaves.ts';

const open = { config: { access: 'open' as const } };

/** What tools ask a local server to learn what it is and which models it has, in the words of several local servers. */
export function discoveryRoutes(app: FastifyInstance, { models, serviceInfo }: Services): void {
  for (const path of ['/capabilities', '/v1/capabilities']) {
    app.get(path, async (_request, reply) =>
      // What the proxy can do does not depend on whether upstream answers just now.
      encodeCapabilities(await models(signalOf(reply)).catch(() => []), serviceInfo()),
    );
  }
  for (const path of ['/props', '/v1/props']) {
    app.get(path, async (_request, reply) =>
      encodeLlamaCppProps(await models(signalOf(reply)), serviceInfo()),
    );
  }
  app.get('/api/v1/models', async (_request, reply) => encodeLmStudioModels(await models(signalOf(reply))));
  app.get('/api/tags', async (_request, reply) => encodeOllamaTags(await models(signalOf(reply))));
  app.get('/api/version', open, async () => encodeOllamaVersion(serviceInfo()));
  app.get('/version', open, async () => encodeVersion(serviceInfo()));
}
