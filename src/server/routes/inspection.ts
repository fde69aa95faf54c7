import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { KeptRequest } from '../../recording/record.ts';
import type { Services } from '../services.ts';

const mostEntries = 200;
const usualEntries = 50;
const inspection = { config: { access: 'inspection' as const } };

/** The records and the log, newest first. The calls themselves are not recorded. */
export function inspectionRoutes(app: FastifyInstance, { recorder, logs }: Services): void {
  for (const path of ['/debug/requests', '/api/requests']) {
    app.get(path, inspection, (request, reply) => sendRecords(recorder.newest(limitOf(request)), reply));
  }
  for (const path of ['/debug/access-logs', '/debug/logs', '/api/access-logs', '/api/logs']) {
    app.get(path, inspection, async (request) => {
      const lines = logs.list(limitOf(request));
      return { ok: true, count: lines.length, logs: lines };
    });
  }
}

/** One record at a time: all of them in one string would take the memory and the time that running answers need. */
function sendRecords(records: readonly KeptRequest[], reply: FastifyReply): FastifyReply {
  function* pieces(): Generator<string> {
    yield `{"ok":true,"count":${records.length},"requests":[`;
    for (const [index, record] of records.entries()) {
      yield `${index === 0 ? '' : ','}${JSON.stringify(readRecord(record))}`;
    }
    yield ']}';
  }
  const body = Readable.from(pieces(), { objectMode: true, highWaterMark: 1 });
  return reply.type('application/json; charset=utf-8').send(body);
}

/** A record that cannot be read is told as such: the rest of the list is worth having. */
function readRecord(record: KeptRequest): object {
  try {
    // The backend's own events and the times of the client's are for who looks at one request.
    const { answer: _, answerDropped: __, responseTimes: ___, ...shown } = record.toRecord();
    return shown;
  } catch {
    return { id: record.id, problem: 'This record could not be made safe to show.' };
  }
}

/** `?limit=`, brought into 1..200. */
function limitOf(request: FastifyRequest): number {
  const limit = new URLSearchParams(request.url.split('?')[1]).get('limit');
  const wanted = Number.parseInt(limit ?? '', 10);
  return Number.isNaN(wanted) ? usualEntries : Math.min(Math.max(wanted, 1), mostEntries);
}
