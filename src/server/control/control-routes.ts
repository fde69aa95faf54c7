import type { FastifyInstance } from 'fastify';
import { ProxyError } from '../../core/errors.ts';
import { isRecord } from '../../core/json.ts';
import { signalOf } from '../when-client-leaves.ts';
import type { ControlServices } from './control-services.ts';

const control = { config: { access: 'control' as const } };

/** What the windows of this user that are attached to this proxy call. The guard lets nobody else in; none of it is recorded. */
export function controlRoutes(app: FastifyInstance, services: ControlServices): void {
  app.get('/control/events', control, async (_request, reply) => {
    const { sendFeed } = await import('./feed.ts');
    sendFeed(services, reply);
    return reply;
  });

  app.post('/control/turn', control, async (request, reply) => {
    const { sendTurn } = await import('./turn.ts');
    return sendTurn(services, request, reply);
  });

  app.post('/control/inspect', control, async ({ body }) => {
    if (!isRecord(body) || typeof body['name'] !== 'string') {
      throw new ProxyError('invalid-request', 'A call of the inspector has a name and an input.');
    }
    return { output: await services.inspect(body['name'], body['input']) };
  });

  app.post('/control/models', control, async (_request, reply) => ({
    models: await services.refreshModels(signalOf(reply)),
  }));

  app.post('/control/settings', control, async ({ body }) => {
    services.applySettings(body);
    return {};
  });

  app.post('/control/end', control, async ({ body }, reply) => {
    const ending = isRecord(body) ? body['ending'] : undefined;
    if (ending !== 'stopped' && ending !== 'restarting') {
      throw new ProxyError('invalid-request', 'The ending is "stopped" or "restarting".');
    }
    // Not before the answer is out.
    reply.raw.once('close', () => services.end(ending));
    return reply.code(202).send({});
  });
}
