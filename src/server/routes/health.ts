import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../services.ts';

const open = { config: { access: 'open' as const } };

/** Signs of life. `HEAD` works wherever `GET` does. Who is not trusted learns only whether the proxy is ready. */
export function healthRoutes(app: FastifyInstance, { state, version }: Services): void {
  const health = async ({ trusted }: FastifyRequest) => {
    const all = state();
    const { problem } = all;
    return {
      ok: true,
      service: 'lingma-proxy',
      version,
      state: trusted ? { ...all, ...(problem && { problem: problem.message }) } : { status: all.status },
    };
  };
  app.get('/', open, health);
  app.get('/health', open, health);
  // Claude Code asks this before its first request.
  app.get('/api/hello', open, async () => ({ message: 'hello' }));
}
