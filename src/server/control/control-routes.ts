import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { ProxyError } from '../../core/errors.ts';
import { signalOf } from '../when-client-leaves.ts';
import type { ControlServices } from './control-services.ts';
import { sendFeed } from './feed.ts';
import { sendTurn } from './turn.ts';

const control = { config: { access: 'control' as const } };
const inspectorCall = z.looseObject({ name: z.string(), input: z.unknown() });
const endRequest = z.looseObject({ ending: z.enum(['stopped', 'restarting']) });

/** What the windows of this user that are attached to this proxy call. The guard lets nobody else in; none of it is recorded. */
export function controlRoutes(app: FastifyInstance, services: ControlServices): void {
  app.get('/control/events', control, (_request, reply) => sendFeed(services, reply));

  app.post('/control/turn', control, (request, reply) => sendTurn(services, request, reply));

  app.post('/control/inspect', control, async ({ body }) => {
    const asked = inspectorCall.safeParse(body);
    if (!asked.success)
      throw new ProxyError('invalid-request', 'A call of the inspector has a name and an input.');
    return { output: await services.inspect(asked.data.name, asked.data.input) };
  });

  app.post('/control/models', control, async (_request, reply) => ({
    models: await services.refreshModels(signalOf(reply)),
  }));

  app.post('/control/settings', control, async ({ body }) => {
    services.applySettings(body);
    return {};
  });

  app.post('/control/end', control, async ({ body }, reply) => {
    const asked = endRequest.safeParse(body);
    if (!asked.success) throw new ProxyError('invalid-request', 'The ending is "stopped" or "restarting".');
    // Not before the answer is out.
    reply.raw.once('close', () => services.end(asked.data.ending));
    return reply.code(202).send({});
  });
}
