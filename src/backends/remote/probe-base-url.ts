import { type ConnectionFault, connectionFault } from './connection-error.ts';
import { createDispatcher, type Environment } from './upstream-dispatcher.ts';

export interface BaseUrlProbeOptions {
  readonly url: string;
  /** As `RemoteBackendOptions.proxyUrl`; '' leaves it to the environment. */
  readonly proxyUrl: string;
  readonly environment: Environment;
  /** Its end counts as `unreachable`. */
  readonly signal: AbortSignal;
}

/** Whether a server answers at a base URL. */
export type BaseUrlProbe =
  | {
      readonly answers: true;
      /** The server's clock as its `Date` header tells it, Unix milliseconds; to the second. */
      readonly time?: number;
    }
  | { readonly answers: false; readonly fault: ConnectionFault; readonly code: string };

/**
 * Goes the way of every upstream request, with its proxies and certificates, and asks for nothing: no login goes along, and what the
 * server answers does not matter. Throws `invalid-request` for a proxy URL that cannot be used.
 */
export async function probeBaseUrl(options: BaseUrlProbeOptions): Promise<BaseUrlProbe> {
  const { url, proxyUrl, environment, signal } = options;
  const dispatcher = createDispatcher(proxyUrl, environment);
  try {
    const { origin, pathname } = new URL(url);
    const { request } = await import('undici');
    const { headers, body } = await request(origin + pathname, {
      dispatcher: await dispatcher.get(),
      method: 'HEAD',
      signal,
    });
    await body.dump();
    const time = Date.parse(String(headers['date'] ?? ''));
    return Number.isNaN(time) ? { answers: true } : { answers: true, time };
  } catch (error) {
    if (signal.aborted) return { answers: false, fault: 'unreachable', code: 'ETIMEDOUT' };
    return { answers: false, ...connectionFault(error) };
  } finally {
    await dispatcher.destroy();
  }
}
