import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProxyError } from '../../core/errors.ts';
import { type CallerKey, callerOf, keyRule } from '../caller-keys.ts';
import type { ServerSettings } from '../services.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `open`: answers without a key, so that a load balancer or a client can see that the proxy lives. `inspection`: shows what
     * went through the proxy, to keys that may see it. `figures`: numbers only, for any key. `control`: commands it, and is for who
     * holds the token of this user's other windows. None of these is recorded. Absent: a call like any other.
     */
    access?: 'open' | 'inspection' | 'figures' | 'control';
  }
  interface FastifyRequest {
    /** May be told what is nobody else's business: has the key where one is set, and is no browser where none is. */
    trusted: boolean;
    /** Made by a program on this computer, not by a web page, and not on behalf of somebody elsewhere. */
    local: boolean;
    /** Whose key was presented; undefined when none is asked for, or none was right. */
    caller: CallerKey | undefined;
  }
}

/** More than any client sends through any number of proxies. */
const mostHeaders = 200;

/**
 * Refuses who has no business here, before anything else happens: a foreign `Host` (DNS rebinding), a page of a foreign
 * origin, a caller without the key once one is set, and a browser without the key on inspection calls.
 */
export function guard(app: FastifyInstance, settings: ServerSettings): void {
  const origins = new Set(settings.allowedOrigins);
  const whose = callerOf(settings.keys);
  const isControlToken = settings.controlToken === undefined ? undefined : keyRule(settings.controlToken);
  const keyed = whose !== undefined;
  const acceptsHost = hostRule(settings.host, keyed);
  app.decorateRequest('trusted', false);
  app.decorateRequest('local', false);
  app.decorateRequest('caller', undefined);

  app.addHook('onRequest', (request, reply, done) => {
    // No other page may show an answer, or have a browser guess what it is.
    reply.header('x-content-type-options', 'nosniff').header('cross-origin-resource-policy', 'same-origin');
    checkHeaders(request.raw.rawHeaders);
    if (!acceptsHost(request.headers.host)) throw foreignHost(request.headers.host, settings.host);
    checkOrigin(request, reply, origins, keyed);
    if (request.method === 'OPTIONS' && request.headers.origin !== undefined) {
      // The answer: nothing comes after it.
      return void preflight(request, reply);
    }
    request.local = !isBrowser(request) && !isForwarded(request) && isLoopback(peerOf(request));
    if (request.routeOptions.config.access === 'control') {
      admitWindow(request, isControlToken);
      return done();
    }
    request.caller = whose?.(presentedKeys(request));
    if (request.caller !== undefined) request.recording?.calledBy(request.caller.name);
    request.trusted = keyed ? request.caller !== undefined : !isBrowser(request);
    if (!request.trusted) refuse(request, keyed);
    else if (request.caller?.mayInspect === false) keepRecordsFrom(request);
    done();
  });
}

/** Names and values in turns, as they came. Of several hosts Node keeps the first, and a program in front may look at another. */
function checkHeaders(raw: readonly string[]): void {
  if (raw.length > 2 * mostHeaders) {
    throw new ProxyError('invalid-request', `The request has more than ${mostHeaders} headers. Send fewer.`);
  }
  const isHost = (name: string, index: number) =>
    index % 2 === 0 && name.length === 4 && name.toLowerCase() === 'host';
  if (raw.filter(isHost).length > 1) {
    throw new ProxyError('invalid-request', 'The request has more than one Host header. Send one.');
  }
}

/** Web pages reach loopback through a name of their own (DNS rebinding); a name that only we can have stops them. */
function hostRule(listenHost: string, keyed: boolean): (host: string | undefined) => boolean {
  // With a key on every call and any name possible (containers, servers), the name protects nothing any more.
  if (!isLoopback(listenHost) && keyed) return () => true;
  const own = bareName(listenHost);
  return (host) => {
    // Only HTTP/1.0 may leave it out, which no browser speaks.
    if (host === undefined) return true;
    const name = bareName(host.replace(/:\d*$/, ''));
    return isLoopback(name) || name === own;
  };
}

/** '' for one that has reset its connection by now. */
function peerOf({ raw }: FastifyRequest): string {
  return raw.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** Names are the same in either letter case, and with the dot of the root. */
function bareName(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

function foreignHost(host: string | undefined, listenHost: string): ProxyError {
  return new ProxyError(
    'forbidden',
    `The Host header "${shorten(host ?? '')}" does not name this proxy. ` +
      `Call it as ${listenHost === '::1' ? '[::1]' : '127.0.0.1'} or localhost.`,
  );
}

function checkOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  origins: ReadonlySet<string>,
  keyed: boolean,
): void {
  const origin = request.headers.origin;
  // Our own origin is not foreign, but we serve no pages: only the key can tell that somebody means it.
  if (keyed && origin === `http://${request.headers.host}`) return;
  if (origin === undefined) {
    const site = request.headers['sec-fetch-site'];
    if (site === 'cross-site' || site === 'same-site') throw foreignPage('another site');
    return;
  }
  // Sandboxed frames and files of any kind share the origin `null`: nobody can be told apart by it.
  if (origin === 'null' || !origins.has(origin)) throw foreignPage(shorten(origin));
  reply
    .header('access-control-allow-origin', origin)
    .header('access-control-expose-headers', 'x-request-id, request-id, retry-after')
    .header('vary', 'Origin');
}

function foreignPage(origin: string): ProxyError {
  return new ProxyError(
    'forbidden',
    `A web page of ${origin} may not use this proxy. If it is yours, add its origin to allowed_origins in the settings of Lingma Proxy.`,
  );
}

function preflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = request.headers['access-control-request-headers'];
  // A page from the internet has to be let into the local network as well.
  if (request.headers['access-control-request-private-network'] === 'true') {
    reply.header('access-control-allow-private-network', 'true');
  }
  return reply
    .header('access-control-allow-methods', 'GET, HEAD, POST')
    .header('access-control-allow-headers', asked ?? 'authorization, content-type, x-api-key')
    .header('access-control-max-age', '600')
    .code(204)
    .send();
}

function refuse(request: FastifyRequest, keyed: boolean): void {
  const { access } = request.routeOptions.config;
  if (access === 'open') return;
  if (keyed) {
    throw new ProxyError(
      'api-key-required',
      'This proxy asks for an API key. Send the one from the settings of Lingma Proxy as "Authorization: Bearer KEY" or "x-api-key: KEY".',
    );
  }
  if (access !== undefined) {
    throw new ProxyError(
      'api-key-required',
      'A browser may read what went through this proxy only with an API key. Set api_key in the settings of Lingma Proxy and send it.',
    );
  }
}

/** Lets programs of this computer in that hold the token. The API key, which many may know, is not enough. */
function admitWindow(request: FastifyRequest, isToken: ((presented: string) => boolean) | undefined): void {
  const isHere = request.local || (!isBrowser(request) && request.ip === request.socket.localAddress);
  request.trusted = isHere && isToken !== undefined && presentedKeys(request).some(isToken);
  if (request.trusted) return;
  throw new ProxyError(
    'api-key-required',
    'Only the windows of the person whose proxy this is may ask for that. Other programs need nothing from here.',
  );
}

function keepRecordsFrom({ routeOptions, caller }: FastifyRequest): void {
  if (routeOptions.config.access !== 'inspection') return;
  throw new ProxyError(
    'forbidden',
    `The API key "${caller?.name}" may not read what went through this proxy, as that is everybody's. Use the key of api_key, or ` +
      'give this one "inspect": true in the settings of Lingma Proxy.',
  );
}

/** A balancer or web server on this computer speaks for clients that may be anywhere. */
function isForwarded({ headers }: FastifyRequest): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined);
}

/** Node's own fetch sends `sec-fetch-mode: cors`; only browsers send anything else. */
function isBrowser(request: FastifyRequest): boolean {
  const {
    origin,
    'sec-fetch-site': site,
    'sec-fetch-dest': destination,
    'sec-fetch-user': user,
    'sec-fetch-mode': mode,
  } = request.headers;
  if (mode !== undefined && mode !== 'cors') return true;
  return [origin, site, destination, user].some((header) => header !== undefined);
}

/** The keys that the caller presents: some clients send one of their own in one header and this proxy's in the other. */
function presentedKeys(request: FastifyRequest): string[] {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  const header = request.headers['x-api-key'];
  return [bearer, header].filter((key) => typeof key === 'string');
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
