import type { FastifyInstance } from 'fastify';
import type { ServerSettings, Services } from '../services.ts';

/** Figures for Prometheus. The code behind them is loaded only where they are wanted. */
export function metricsRoutes(app: FastifyInstance, services: Services, settings: ServerSettings): void {
  if (settings.metrics === 'off') return;
  const access = settings.metrics === 'open' ? 'open' : 'figures';
  const loaded = import('../metrics.ts').then(({ createMetrics }) =>
    createMetrics({ requests: services.recorder, state: services.state }),
  );
  // Who asks hears of a failure; here it would end the process.
  loaded.catch(() => undefined);
  app.get('/metrics', { config: { access } }, async (_request, reply) => {
    const metrics = await loaded;
    return reply.type(metrics.contentType).send(await metrics.text());
  });
  app.addHook('onClose', async () => (await loaded.catch(() => undefined))?.close());
}
