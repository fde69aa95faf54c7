import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';

/** Signs of life. `HEAD` works wherever `GET` does. */
export function healthRoutes(app: FastifyInstance, { state, version }: Services): void {
  const health = async () => ({ ok: true, service: 'lingma-proxy', version, state: state() });
  app.get('/', health);
  app.get('/health', health);
  // Claude Code asks this before its first request.
  app.get('/api/hello', async () => ({ message: 'hello' }));
}
