import type { Dispatcher } from 'undici';
import { ProxyError } from '../../core/errors.ts';
import { type PhraseValue, phrase } from '../../core/localizer.ts';
import { parseUrl } from '../../core/parse-url.ts';

/** Below the 15 s after which common load balancers drop an idle connection: a request must not meet one just being closed. */
const keepAliveMs = 12_000;
const connectTimeoutMs = 10_000;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The connections to upstream. */
export interface UpstreamDispatcher {
  /** Made at the first call: undici takes longer to load than all the rest of the program, which listens meanwhile. */
  get(): Promise<Dispatcher>;
  /** Closes every connection. Never throws. */
  destroy(): Promise<void>;
}

/**
 * Connections that are kept alive, without time-outs of their own once connected. `proxyUrl` (http or https) leads
 * everything through that proxy; without it HTTP_PROXY, HTTPS_PROXY and NO_PROXY decide, and what listens on this computer
 * is never looked for behind a proxy. Throws `invalid-request` for a proxy URL that cannot be used.
 */
export function createDispatcher(proxyUrl: string, environment: Environment): UpstreamDispatcher {
  const make = proxyUrl === '' ? fromEnvironment(environment) : throughProxy(proxyUrl);
  let made: Promise<Dispatcher> | undefined;
  return {
    get() {
      made ??= make();
      return made;
    },
    async destroy() {
      const dispatcher = await made;
      await dispatcher?.destroy().catch(() => {});
    },
  };
}

const options = {
  keepAliveTimeout: keepAliveMs,
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: connectTimeoutMs },
};

async function directly(): Promise<Dispatcher> {
  const { Agent } = await import('undici');
  return new Agent(options);
}

function throughProxy(proxyUrl: string): () => Promise<Dispatcher> {
  const uri = checkedProxy(proxyUrl, phrase('the setting'));
  return async () => {
    const { ProxyAgent } = await import('undici');
    return new ProxyAgent({ ...options, uri });
  };
}

function fromEnvironment(environment: Environment): () => Promise<Dispatcher> {
  const variable = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const proxyFrom = (name: string) => {
    const value = variable(name);
    return value === '' ? '' : checkedProxy(value, name);
  };
  const proxies = {
    httpProxy: proxyFrom('HTTP_PROXY'),
    httpsProxy: proxyFrom('HTTPS_PROXY'),
    noProxy: noProxyList(variable('NO_PROXY')),
  };
  if (proxies.httpProxy === '' && proxies.httpsProxy === '') return directly;
  return async () => {
    const { EnvHttpProxyAgent } = await import('undici');
    return new EnvHttpProxyAgent({ ...options, ...proxies });
  };
}

/** A lone `*` means that nothing goes through a proxy, and only works alone. */
function noProxyList(value: string): string {
  return value.trim() === '*' ? '*' : `127.0.0.1,localhost,[::1],${value}`;
}

/** The URL may hold a password, so a message never quotes it. */
function checkedProxy(value: string, source: PhraseValue): string {
  const text = value.includes('://') ? value : `http://${value}`;
  const protocol = parseUrl(text)?.protocol ?? '';
  if (protocol === 'http:' || protocol === 'https:') return text;
  throw new ProxyError(
    'invalid-request',
    phrase(
      'The proxy for upstream requests (from {0}) is not an http:// or https:// URL. Correct it, or remove it to connect directly.',
      source,
    ),
  );
}
