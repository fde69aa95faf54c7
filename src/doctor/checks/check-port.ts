import { createServer } from 'node:net';
import { ownKey } from '../../config/own-key.ts';
import { findPortHolder } from '../../port-holder.ts';
import type { Examination } from '../examination.ts';
import { askHealth, LocalClient } from '../local-client.ts';

/** The proxy that listens already and answers with our key. */
export interface RunningProxy {
  readonly client: LocalClient;
  readonly backend: 'remote' | 'ipc';
}

export interface PortOptions {
  readonly version: string;
  /** The URL of the caller's own proxy. */
  readonly runningUrl?: string | undefined;
}

/** How many of the following ports are tried for one that is free. */
const portsTried = 20;

/** Who has the port. Resolves to our own proxy when it runs; who gets it closes its client. */
export async function checkPort(
  examination: Examination,
  options: PortOptions,
): Promise<RunningProxy | undefined> {
  const { diagnosis, settings } = examination;
  const { host, port } = settings;
  if (options.runningUrl !== undefined) return findRunning(examination, options.runningUrl, options);
  if (port === 0) {
    diagnosis.add('port', 'ok', 'port.any', {});
    diagnosis.holds('port');
    return undefined;
  }
  const code = await tryToListen(host, port);
  switch (code) {
    case undefined:
      diagnosis.add('port', 'ok', 'port.free', { host, port }, { action: 'start', args: {} });
      diagnosis.holds('port');
      return undefined;
    case 'EADDRINUSE': {
      const ours = await findOurs(examination, urlOf(host, port), options);
      if (ours === undefined && !diagnosis.isBroken('port')) await tellHolder(examination);
      return ours;
    }
    default: {
      const id = code === 'EACCES' ? 'port.forbidden' : 'port.no-such-address';
      const setting = code === 'EACCES' ? 'port' : 'host';
      diagnosis.breaks(
        'port',
        diagnosis.add('port', 'error', id, { host, port }, { action: 'open-settings', args: { setting } }),
      );
      return undefined;
    }
  }
}

/** The caller's own proxy. */
async function findRunning(
  examination: Examination,
  url: string,
  options: PortOptions,
): Promise<RunningProxy | undefined> {
  const { diagnosis } = examination;
  const ours = await findOurs(examination, url, options);
  if (ours === undefined && !diagnosis.isBroken('port')) {
    const next = { action: 'restart', args: {} } as const;
    diagnosis.breaks('port', diagnosis.add('port', 'error', 'port.no-answer', { url }, next));
  }
  return ours;
}

/** Our own proxy at this address. Undefined for nobody, and for another's, which is told then. */
async function findOurs(
  { diagnosis, settings, connectTimeoutMs, signal }: Examination,
  url: string,
  { version }: PortOptions,
): Promise<RunningProxy | undefined> {
  const client = new LocalClient(url, ownKey(settings), version);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]);
  const health = await askHealth(client, patience);
  if (health?.backend === undefined) {
    await client.close();
    if (health === undefined) return undefined;
    const other = { url, version: health.version };
    const next = { action: 'open-settings', args: { setting: 'apiKey' } } as const;
    diagnosis.breaks('port', diagnosis.add('port', 'warning', 'port.other-proxy', other, next));
    return undefined;
  }
  const { backend } = health;
  diagnosis.add('port', 'ok', 'port.ours', { url, version: health.version, backend });
  diagnosis.holds('port');
  if (backend !== settings.backend) {
    const configured = settings.backend;
    diagnosis.add(
      'port',
      'note',
      'port.other-backend',
      { url, backend, configured },
      { action: 'restart', args: {} },
    );
  }
  return { client, backend };
}

async function tellHolder({ diagnosis, settings }: Examination): Promise<void> {
  const { host, port } = settings;
  const [holder = '', free = 0] = await Promise.all([findPortHolder(host, port), findFreePort(host, port)]);
  const finding = diagnosis.add(
    'port',
    'error',
    'port.taken',
    { host, port, holder, free },
    free === 0
      ? { action: 'open-settings', args: { setting: 'port' } }
      : { action: 'set-port', args: { port: free } },
  );
  diagnosis.breaks('port', finding);
}

async function findFreePort(host: string, taken: number): Promise<number | undefined> {
  const last = Math.min(taken + portsTried, 65_535);
  for (let port = taken + 1; port <= last; port++) {
    if ((await tryToListen(host, port)) === undefined) return port;
  }
  return undefined;
}

/** The system's code for why one cannot listen there; undefined when one can. */
function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : 'unknown'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Where a proxy on this host can be called: who listens everywhere is called on loopback. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
