import type { Agent } from 'undici';
import * as z from 'zod';
import { tryParseJson } from '../core/json.ts';

/** An answer of a proxy. */
export interface LocalAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Parsed JSON; undefined when it was none. */
  readonly body: unknown;
  readonly milliseconds: number;
}

/** Calls a proxy on this computer as a client would; directly, whatever proxies are set in the environment or the editor. */
export class LocalClient {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #agent: Agent | undefined;

  constructor(url: string, apiKey: string, version: string) {
    this.url = url;
    this.#headers = {
      'user-agent': `lingma-proxy-doctor/${version}`,
      ...(apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
    };
  }

  get(path: string, signal: AbortSignal): Promise<LocalAnswer> {
    return this.#send('GET', path, undefined, signal);
  }

  post(path: string, body: object, signal: AbortSignal): Promise<LocalAnswer> {
    return this.#send('POST', path, JSON.stringify(body), signal);
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }

  /** Rejects when there is no answer. */
  async #send(
    method: 'GET' | 'POST',
    path: string,
    json: string | undefined,
    signal: AbortSignal,
  ): Promise<LocalAnswer> {
    const { Agent, request } = await import('undici');
    this.#agent ??= new Agent({ headersTimeout: 0, bodyTimeout: 0 });
    const started = performance.now();
    const { statusCode, body } = await request(this.url + path, {
      dispatcher: this.#agent,
      method,
      headers: { ...this.#headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { body: json }),
      signal,
    });
    const text = await body.text();
    const milliseconds = Math.round(performance.now() - started);
    return { status: statusCode, body: tryParseJson(text), milliseconds };
  }
}

const health = z.object({
  service: z.literal('lingma-proxy'),
  version: z.string(),
  state: z.object({ backend: z.enum(['remote', 'ipc']).optional().catch(undefined) }),
});

/** What a proxy says of itself. The backend is missing where it does not trust the caller: another key. */
export interface ProxyHealth {
  readonly version: string;
  readonly backend?: 'remote' | 'ipc' | undefined;
}

/** Undefined when no Lingma Proxy answers. Never rejects. */
export async function askHealth(client: LocalClient, signal: AbortSignal): Promise<ProxyHealth | undefined> {
  const answer = await client.get('/health', signal).catch(() => undefined);
  const parsed = health.safeParse(answer?.body);
  return parsed.success ? { version: parsed.data.version, backend: parsed.data.state.backend } : undefined;
}
