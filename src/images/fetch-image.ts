import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Agent } from 'undici';
import { phrase } from '../core/localizer.ts';
import { mayFetchFrom } from './address-rules.ts';
import { imageError } from './image-error.ts';

export interface FetchLimits {
  /** Bytes. */
  readonly maxBytes: number;
  /** Milliseconds for all of it, redirects included. */
  readonly timeoutMs: number;
  /** Loopback and private networks may be asked. */
  readonly allowLocalNetwork: boolean;
}

const mostRedirects = 3;

/**
 * Fetches an image from http(s). Every address is checked as it is connected to, so that neither a redirect nor a second DNS
 * answer leads anywhere else. Throws `invalid-request` that says which image and why.
 */
export async function fetchImage(url: string, limits: FetchLimits, signal: AbortSignal): Promise<Buffer> {
  const { Agent } = await import('undici');
  const agent = new Agent({ connect: { lookup: checkedLookup(limits.allowLocalNetwork) }, pipelining: 0 });
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]);
  try {
    let target = url;
    for (let hop = 0; hop <= mostRedirects; hop++) {
      const next = await fetchOnce(target, url, agent, limits, bounded);
      if (Buffer.isBuffer(next)) return next;
      target = next;
    }
    throw imageError(shown(url), phrase('it redirects more than {0} times.', mostRedirects));
  } finally {
    await agent.destroy();
  }
}

/** The bytes, or the URL of a redirect. */
async function fetchOnce(
  target: string,
  original: string,
  agent: Agent,
  limits: FetchLimits,
  signal: AbortSignal,
): Promise<Buffer | string> {
  const { protocol, hostname, origin, pathname, search } = new URL(target);
  if (protocol !== 'http:' && protocol !== 'https:')
    throw imageError(shown(original), phrase('it leads to {0} URLs.', protocol));
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !mayFetchFrom(literal, limits.allowLocalNetwork)) {
    throw imageError(shown(original), phrase('the proxy does not fetch from {0}.', literal));
  }
  try {
    const response = await agent.request({
      method: 'GET',
      origin,
      path: pathname + search,
      signal,
      headers: { accept: 'image/*' },
    });
    const { location } = response.headers;
    if (response.statusCode >= 300 && response.statusCode < 400 && typeof location === 'string') {
      await response.body.dump({ limit: 16_384 });
      return new URL(location, target).href;
    }
    if (response.statusCode !== 200) {
      await response.body.dump({ limit: 16_384 });
      throw imageError(shown(original), phrase('its server answered with status {0}.', response.statusCode));
    }
    const type =
      String(response.headers['content-type'] ?? '')
        .split(';', 1)[0]
        ?.trim() ?? '';
    // Object stores often do not know what they serve. Anything else is a page or a program's answer, and nobody's to read.
    if (type !== '' && !/^(?:image\/|(?:application|binary)\/octet-stream$)/i.test(type)) {
      await response.body.dump({ limit: 16_384 });
      throw imageError(shown(original), phrase('its server says that it is {0}.', type.slice(0, 100)));
    }
    return await readBounded(response.body, shown(original), limits.maxBytes);
  } catch (error) {
    if (error instanceof Error && error.name === 'ProxyError') throw error;
    const reason = signal.aborted
      ? phrase('it did not arrive within {0} s', limits.timeoutMs / 1_000)
      : message(error);
    throw imageError(shown(original), phrase('it could not be fetched ({0}).', reason), error);
  }
}

async function readBounded(body: AsyncIterable<Buffer>, which: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes)
      throw imageError(which, phrase('it is larger than {0} MB.', Math.floor(maxBytes / 1_000_000)));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** `dns.lookup` that refuses addresses from which nothing may be fetched. */
function checkedLookup(allowLocal: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const allowed = addresses.filter(({ address }) => mayFetchFrom(address, allowLocal));
      const [first] = allowed;
      if (!first) return callback(new Error(`the proxy does not fetch from ${hostname}`), '', 0);
      return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}

function shown(url: string): string {
  return url.length > 200 ? `${url.slice(0, 200)}…` : url;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'unknown reason';
}
