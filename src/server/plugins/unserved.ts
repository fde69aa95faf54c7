import type { FastifyInstance } from 'fastify';
import { ProxyError } from '../../core/errors.ts';

/**
 * Answers what no route serves: 405 with the methods that the path has (426 for a WebSocket), else 404. Before the body is read, as nothing in it could
 * change the answer. Has to be set up before the routes are.
 */
export function unserved(app: FastifyInstance): void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsOf.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    methodsOf.set(url, methods);
  });

  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const path = request.url.split('?', 1)[0] ?? '';
    const shown = `${request.method.slice(0, 20)} ${path.slice(0, 100)}`;
    const methods = methodsOf.get(path.replace(/(?<=.)\/$/, '')) ?? methodsOf.get(`${parent(path)}/*`);
    if (methods) {
      const allowed = [...methods].sort().join(', ');
      reply.header('allow', allowed);
      // Codex tries a WebSocket first; this makes it fall back to HTTP at once.
      if (request.headers.upgrade !== undefined) {
        throw new ProxyError(
          'upgrade-required',
          `This proxy serves ${path.slice(0, 100)} over HTTP, not over a WebSocket. Use ${allowed}.`,
        );
      }
      throw new ProxyError('method-not-allowed', `${shown} is not possible; this path takes ${allowed}.`);
    }
    throw new ProxyError(
      'not-found',
      `There is nothing at ${shown}. GET /capabilities lists what this proxy serves.`,
    );
  });
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
