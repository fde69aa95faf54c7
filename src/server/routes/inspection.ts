import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../services.ts';

const mostEntries = 200;
const usualEntries = 50;

/** The records and the log, newest first. The calls themselves are not recorded. */
export function inspectionRoutes(app: FastifyInstance, { recorder, logs }: Services): void {
  for (const path of ['/debug/requests', '/api/requests']) {
    app.get(path, async (request) => {
      const requests = recorder.list(limitOf(request));
      return { ok: true, count: requests.length, requests };
    });
  }
  for (const path of ['/debug/access-logs', '/debug/logs', '/api/access-logs', '/api/logs']) {
    app.get(path, async (request) => {
      const lines = logs.list(limitOf(request));
      return { ok: true, count: lines.length, logs: lines };
    });
  }
}

/** `?limit=`, brought into 1..200. */
function limitOf(request: FastifyRequest): number {
  const limit = new URLSearchParams(request.url.split('?')[1]).get('limit');
  const wanted = Number.parseInt(limit ?? '', 10);
  return Number.isNaN(wanted) ? usualEntries : Math.min(Math.max(wanted, 1), mostEntries);
}
