import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProxyError } from '../../core/errors.ts';
import type { ServerSettings } from '../services.ts';

/** Paths that answer without a key, so that a load balancer or a client can see that the proxy lives. */
const open = new Set(['/', '/health', '/version', '/api/hello', '/api/version']);
/** Calls that show what went through the proxy. */
const inspection = /^\/(?:debug|api\/(?:requests|access-logs|logs)(?:$|\/|\?))/;

/**
 * Refuses who has no business here, before anything else happens: a foreign `Host` (DNS rebinding), a page of a foreign
 * origin, a caller without the key once one is set, and a browser without the key on inspection calls.
 */
export function guard(app: FastifyInstance, settings: ServerSettings): void {
  const origins = new Set(settings.allowedOrigins);
  const key = settings.apiKey === undefined || settings.apiKey === '' ? undefined : settings.apiKey;
  const acceptsHost = hostRule(settings.host, key !== undefined);

  app.addHook('onRequest', async (request, reply) => {
    if (!acceptsHost(request.headers.host)) {
      throw new ProxyError(
        'forbidden',
        `The Host header "${shorten(request.headers.host ?? '')}" does not name this proxy. ` +
          `Call it as ${settings.host === '::1' ? '[::1]' : '127.0.0.1'} or localhost.`,
      );
    }
    checkOrigin(request, reply, origins);
    if (request.method === 'OPTIONS' && request.headers.origin !== undefined) {
      return preflight(request, reply);
    }
    checkKey(request, key);
  });
}

/** Web pages reach loopback through a name of their own (DNS rebinding); a name that only we can have stops them. */
function hostRule(listenHost: string, keyed: boolean): (host: string | undefined) => boolean {
  const loopbackOnly = isLoopback(listenHost);
  // With a key on every call and any name possible (containers, servers), the name protects nothing any more.
  if (!loopbackOnly && keyed) return () => true;
  return (host) => {
    if (host === undefined) return true;
    const name = host.replace(/:\d*$/, '').toLowerCase();
    return isLoopback(name) || name === listenHost.toLowerCase();
  };
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

function checkOrigin(request: FastifyRequest, reply: FastifyReply, origins: ReadonlySet<string>): void {
  const origin = request.headers.origin;
  if (origin === undefined) {
    const site = request.headers['sec-fetch-site'];
    if (site === 'cross-site' || site === 'same-site') throw foreignPage('another site');
    return;
  }
  if (!origins.has(origin)) throw foreignPage(shorten(origin));
  reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
}

function foreignPage(origin: string): ProxyError {
  return new ProxyError(
    'forbidden',
    `A web page of ${origin} may not use this proxy. If it is yours, add its origin to allowed_origins in the settings of Lingma Proxy.`,
  );
}

function preflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = request.headers['access-control-request-headers'];
  return reply
    .header('access-control-allow-methods', 'GET, HEAD, POST')
    .header('access-control-allow-headers', asked ?? 'authorization, content-type, x-api-key')
    .header('access-control-max-age', '600')
    .code(204)
    .send();
}

function checkKey(request: FastifyRequest, key: string | undefined): void {
  const path = request.url.split('?', 1)[0] ?? '';
  if (key === undefined) {
    if (!inspection.test(path) || !isBrowser(request)) return;
    throw new ProxyError(
      'api-key-required',
      'A browser may read what went through this proxy only with an API key. Set api_key in the settings of Lingma Proxy and send it.',
    );
  }
  if (open.has(path) || isSameKey(presentedKey(request), key)) return;
  throw new ProxyError(
    'api-key-required',
    'This proxy asks for an API key. Send the one from the settings of Lingma Proxy as "Authorization: Bearer KEY" or "x-api-key: KEY".',
  );
}

/** Node's own fetch sends `sec-fetch-mode`; only browsers send the others. */
function isBrowser(request: FastifyRequest): boolean {
  const {
    origin,
    'sec-fetch-site': site,
    'sec-fetch-dest': destination,
    'sec-fetch-user': user,
  } = request.headers;
  return [origin, site, destination, user].some((header) => header !== undefined);
}

/** The key that the caller presents, or undefined. */
function presentedKey(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  const header = request.headers['x-api-key'];
  return bearer ?? (typeof header === 'string' ? header : undefined);
}

/** Compares in a time that does not depend on how much of the key is right. */
function isSameKey(presented: string | undefined, key: string): boolean {
  if (presented === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(presented), digest(key));
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
