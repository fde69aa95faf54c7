import { connect } from 'node:net';
import { isLoopbackHost } from '../../config/loopback-host.ts';
import type { Settings } from '../../config/settings.ts';
import { parseUrl } from '../../core/parse-url.ts';
import { type Computer, variable } from '../../runtime/computer.ts';
import type { Examination } from '../examination.ts';
import type { Finding } from '../findings.ts';

interface OutgoingProxy {
  /** A setting's key, or an environment variable. */
  readonly source: string;
  readonly value: string;
}

/**
 * The proxies between this computer and the internet: which one leads to the remote API, whether it can be reached, and whether
 * clients would look for this program behind one. Resolves to the finding that cuts the remote API off, if there is one.
 */
export async function checkOutgoingProxies(
  examination: Examination,
  baseUrl: string | undefined,
): Promise<Finding | undefined> {
  const { diagnosis, settings, computer } = examination;
  const given = givenProxies(settings, computer);
  if (given.length === 0) diagnosis.add('network', 'ok', 'proxy.none', {});
  const used = baseUrl === undefined ? undefined : proxyOnTheWay(baseUrl, settings, computer);
  let obstacle: Finding | undefined;
  for (const proxy of given) {
    const found = await checkProxy(examination, proxy, proxy.source === used?.source);
    obstacle ??= found;
  }
  checkLoopback(examination);
  return obstacle;
}

async function checkProxy(
  { diagnosis, connectTimeoutMs, signal }: Examination,
  { source, value }: OutgoingProxy,
  isUsed: boolean,
): Promise<Finding | undefined> {
  const text = value.includes('://') ? value : `http://${value}`;
  const url = parseUrl(text);
  const next =
    source === settingSource
      ? ({ action: 'open-settings', args: { setting: 'remoteProxyUrl' } } as const)
      : ({ action: 'none', args: {} } as const);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    // Even one that is not on the way keeps the remote backend from being made.
    return diagnosis.add('network', 'error', 'proxy.invalid', { source }, next);
  }
  diagnosis.redactor.addSecret(url.password);
  const shown = { url: `${url.protocol}//${url.host}`, source };
  if (!isUsed) {
    diagnosis.add('network', 'ok', 'proxy.not-used', shown);
    return undefined;
  }
  const patience = AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]);
  const code = await tryToConnect(url, patience);
  if (code === undefined) {
    diagnosis.add('network', 'ok', 'proxy.in-use', shown);
    return undefined;
  }
  return diagnosis.add('network', 'error', 'proxy.unreachable', { ...shown, code }, next);
}

/** Clients on this computer that send everything through a proxy would look for this one behind it. */
function checkLoopback({ diagnosis, settings, computer }: Examination): void {
  const found = ['HTTP_PROXY', 'ALL_PROXY'].map((name) => environmentProxy(computer, name));
  const forHttp = found.find((proxy) => proxy !== undefined);
  if (forHttp === undefined) return;
  const host = isLoopbackHost(settings.host) ? settings.host : '127.0.0.1';
  const exceptions = noProxyEntries(computer);
  const isExcepted = exceptions.some(
    (entry) => entry === '*' || entry === host || (entry === '127.0.0.0/8' && host.startsWith('127.')),
  );
  if (isExcepted) return;
  diagnosis.add(
    'network',
    'warning',
    'proxy.loopback',
    { source: forHttp.source },
    { action: 'none', args: {} },
  );
}

const settingSource = 'remote_proxy_url';

function givenProxies(settings: Settings, computer: Computer): OutgoingProxy[] {
  if (settings.remoteProxyUrl !== '') return [{ source: settingSource, value: settings.remoteProxyUrl }];
  return ['HTTPS_PROXY', 'HTTP_PROXY'].flatMap((name) => environmentProxy(computer, name) ?? []);
}

/** The lower-case spelling wins, as it does for the requests themselves. */
function environmentProxy(computer: Computer, name: string): OutgoingProxy | undefined {
  for (const source of [name.toLowerCase(), name]) {
    const value = variable(computer, source);
    if (value !== undefined) return { source, value };
  }
  return undefined;
}

/** What the requests' own dispatcher would take. */
function proxyOnTheWay(baseUrl: string, settings: Settings, computer: Computer): OutgoingProxy | undefined {
  if (settings.remoteProxyUrl !== '') return { source: settingSource, value: settings.remoteProxyUrl };
  const { protocol, hostname, port } = new URL(baseUrl);
  if (isLoopbackHost(hostname) || isExcepted(noProxyEntries(computer), hostname, port)) return undefined;
  const forHttp = environmentProxy(computer, 'HTTP_PROXY');
  return protocol === 'http:' ? forHttp : (environmentProxy(computer, 'HTTPS_PROXY') ?? forHttp);
}

function noProxyEntries(computer: Computer): string[] {
  const value = variable(computer, 'no_proxy') ?? variable(computer, 'NO_PROXY') ?? '';
  return value
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== '');
}

function isExcepted(entries: readonly string[], hostname: string, port: string): boolean {
  if (entries.length === 1 && entries[0] === '*') return true;
  return entries.some((entry) => {
    const [, name = entry, entryPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    if (entryPort !== undefined && entryPort !== port) return false;
    return /^[.*]/.test(name) ? hostname.endsWith(name.replace(/^\*/, '')) : hostname === name;
  });
}

/** The system's code for why there is no connection; undefined when there is one. */
function tryToConnect(url: URL, signal: AbortSignal): Promise<string | undefined> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port });
    const settle = (code: string | undefined) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(code);
    };
    const onAbort = () => settle('ETIMEDOUT');
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => settle(undefined));
    socket.once('error', (error) => settle('code' in error ? String(error.code) : 'unknown'));
  });
}
