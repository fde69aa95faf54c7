import { type BaseUrlProbe, probeBaseUrl } from '../../backends/remote/probe-base-url.ts';
import { isLoopbackHost } from '../../config/loopback-host.ts';
import { describeOrigin } from '../../config/origin.ts';
import { toProxyError } from '../../core/errors.ts';
import type { BaseUrl } from '../../core/login.ts';
import { baseUrlSourceOf } from '../../discovery.ts';
import type { Examination } from '../examination.ts';
import type { Finding, NextAction } from '../findings.ts';

const setBaseUrl: NextAction = { action: 'open-settings', args: { setting: 'remoteBaseUrl' } };
/** A signature holds the time: further off than this, it may be refused. Seconds. */
const tolerableSkew = 120;

/** Where the remote API is. Undefined when what is set is no address: that has been told then. */
export async function findBaseUrl({
  diagnosis,
  settings,
  origins,
  computer,
}: Examination): Promise<BaseUrl | undefined> {
  try {
    const baseUrl = await baseUrlSourceOf(settings, computer).read();
    if (settings.remoteBaseUrl === '') return baseUrl;
    return { ...baseUrl, source: describeOrigin(origins.remoteBaseUrl) };
  } catch (error) {
    const { message } = toProxyError(error);
    const finding = diagnosis.add('remote', 'error', 'base-url.invalid', { message }, setBaseUrl);
    diagnosis.breaks('base-url', finding);
    return undefined;
  }
}

/** Whether a server answers at the base URL, and what it says of the clock. `obstacle` is known to cut it off. */
export async function checkBaseUrl(
  examination: Examination,
  baseUrl: BaseUrl,
  obstacle: Finding | undefined,
): Promise<void> {
  const { diagnosis } = examination;
  const { url } = baseUrl;
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && !isLoopbackHost(hostname)) {
    diagnosis.add('remote', 'warning', 'base-url.unencrypted', { url }, setBaseUrl);
  }
  if (obstacle !== undefined) {
    diagnosis.breaks('base-url', obstacle);
    return;
  }
  const probe = await askServer(examination, url);
  if (!probe.answers) {
    diagnosis.breaks('base-url', tellUnreachable(examination, baseUrl, probe));
    return;
  }
  diagnosis.add('remote', 'ok', 'base-url.answers', { url, source: baseUrl.source });
  diagnosis.holds('base-url');
  if (probe.time !== undefined) tellClock(examination, probe.time);
}

function askServer(
  { settings, computer, connectTimeoutMs, signal }: Examination,
  url: string,
): Promise<BaseUrlProbe> {
  return probeBaseUrl({
    url,
    proxyUrl: settings.remoteProxyUrl,
    environment: computer.env,
    signal: AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]),
  });
}

function tellUnreachable(
  { diagnosis }: Examination,
  { url, source }: BaseUrl,
  { fault, code }: BaseUrlProbe & { readonly answers: false },
): Finding {
  const values = { url, source, code };
  switch (fault) {
    case 'unknown-name':
      return diagnosis.add('remote', 'error', 'base-url.unknown-name', values, setBaseUrl);
    case 'certificate':
      return diagnosis.add('remote', 'error', 'base-url.untrusted', values, { action: 'none', args: {} });
    case 'proxy':
      return diagnosis.add('remote', 'error', 'base-url.behind-proxy', values, {
        action: 'open-settings',
        args: { setting: 'remoteProxyUrl' },
      });
    case 'refused':
    case 'unreachable':
    case 'broken':
    case 'other':
      return diagnosis.add('remote', 'error', 'base-url.unreachable', values, setBaseUrl);
    default:
      return fault satisfies never;
  }
}

function tellClock({ diagnosis, computer }: Examination, upstreamTime: number): void {
  const seconds = Math.round((computer.now() - upstreamTime) / 1_000);
  if (Math.abs(seconds) < tolerableSkew) diagnosis.add('remote', 'ok', 'clock.fine', { seconds });
  else diagnosis.add('remote', 'warning', 'clock.off', { seconds }, { action: 'none', args: {} });
}
