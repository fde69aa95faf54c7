import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProxyError } from '../../core/errors.ts';
import { BodyBudget, type HeldBody } from '../body-budget.ts';
import { hasMoreValues } from '../count-values.ts';
import { readBody } from './read-body.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Its share of the memory for bodies; undefined for requests without one. */
    heldBody: HeldBody | undefined;
  }
}

/** Levels of nesting that a body may have: more than any schema needs, and safe for whoever walks it by recursion. */
const deepest = 200;
/** Values that a body may have, and the characters below which nobody need count: even of nothing but values they hold few. */
const mostValues = 1_000_000;
const countedFrom = 2_000_000;
/** Bodies of the largest size that fit into memory together. */
const bodiesAtOnce = 8;

/**
 * Reads request bodies as JSON whatever their content type says: clients are careless with it, and pages of foreign origins
 * are refused elsewhere. `limit`: bytes, compressed and decompressed alike; what all requests hold together is bounded, too.
 */
export function jsonBody(app: FastifyInstance, limit: number): void {
  const budget = new BodyBudget(bodiesAtOnce * limit);
  app.decorateRequest('heldBody', undefined);
  app.addHook('preParsing', (request, reply, _payload, done) => {
    const held = budget.open();
    request.heldBody = held;
    reply.raw.once('close', () => held.release());
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: FastifyRequest['raw']) => {
    const text = await readBody(payload, limit, (bytes) => request.heldBody?.grow(bytes));
    // Before it is parsed: the record of a broken body is the one that somebody will want to read.
    request.recording?.clientRequest(text);
    return parseJson(text);
  });
}

function parseJson(text: string): unknown {
  if (text.trim() === '') {
    throw new ProxyError('invalid-request', 'The request body is empty. Send the request as JSON.');
  }
  if (text.length > countedFrom && hasMoreValues(text, mostValues)) {
    throw new ProxyError(
      'invalid-request',
      `The request body has more than ${mostValues} values in it. Send less.`,
    );
  }
  const value = parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if (isDeeperThan(deepest, value)) {
    throw new ProxyError('invalid-request', `The request body is nested more than ${deepest} levels deep.`);
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine's message quotes the body, which has no place in a log.
    const reason =
      error instanceof Error ? error.message.replace(/, (?:\.\.\.)?".*$/s, '') : 'it cannot be read';
    throw new ProxyError('invalid-request', `The request body is not valid JSON: ${reason}.`, {
      cause: error,
    });
  }
}

/** Level by level, as recursion is what it protects from. Strings are not looked into: megabytes of them cost nothing. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level: object[] = isObject(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === levels) return true;
    const next: object[] = [];
    for (const container of level) {
      for (const item of Object.values(container)) {
        if (isObject(item)) next.push(item);
      }
    }
    level = next;
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
