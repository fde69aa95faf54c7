import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';

const open = { config: { access: 'open' as const } };

/**
 * What an orchestrator asks. `/livez` says that the process answers at all; `/readyz` says 200 once the models are known, which takes
 * a login or a runtime, and 503 before that and while the proxy drains. Who is trusted also learns why.
 */
export function probeRoutes(app: FastifyInstance, { state }: Services): void {
  app.get('/livez', open, async () => ({ status: 'alive' }));
  app.get('/readyz', open, async ({ trusted }, reply) => {
    const { status, draining, problem } = state();
    const shown = draining ? 'draining' : status;
    if (shown !== 'ready') reply.code(503).header('retry-after', '5');
    return { status: shown, ...(trusted && problem !== undefined && { problem: problem.message }) };
  });
}
