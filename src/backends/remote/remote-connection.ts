import { abortError, throwIfAborted } from '../../core/errors.ts';
import type { BaseUrl, Login } from '../../core/login.ts';
import type { Trace } from '../../core/trace.ts';
import type { ClientProfile } from './client-profile.ts';
import { connectionError, isStaleConnection } from './connection-error.ts';
import type { Endpoint } from './endpoints.ts';
import { type HttpRequest, type HttpResponse, readText, sendHttp } from './http-client.ts';
import type { ResponseBody } from './response-body.ts';
import { signedHeaders } from './sign.ts';
import type { UpstreamDispatcher } from './upstream-dispatcher.ts';
import { saysNoSuchKey, upstreamError } from './upstream-error.ts';

const mostErrorBytes = 64 * 1024;

export interface RemoteConnectionOptions {
  readonly dispatcher: UpstreamDispatcher;
  readonly profile: ClientProfile;
  readonly cosyVersion: string;
  readonly machineOs: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly makeUuid: () => string;
}

/** Who asks, and where. */
export interface Destination {
  readonly login: Login;
  readonly baseUrl: BaseUrl;
}

export interface RemoteCall {
  readonly destination: Destination;
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST';
  readonly accept: 'text/event-stream' | 'application/json';
  /** The exact bytes to send; empty for none. */
  readonly body: Uint8Array;
  /** What the record shows as the body. */
  readonly bodyText: string;
  /** For messages about it. */
  readonly model?: string;
  readonly signal: AbortSignal;
  readonly trace?: Trace;
}

/** Sends signed requests to the remote API and tells its failures apart. */
export class RemoteConnection {
  readonly #options: RemoteConnectionOptions;

  constructor(options: RemoteConnectionOptions) {
    this.#options = options;
  }

  /** Resolves with the head of a good answer. Throws `ProxyError` for everything else. */
  async send(call: RemoteCall): Promise<HttpResponse> {
    throwIfAborted(call.signal);
    const outgoing = this.#sign(call);
    call.trace?.upstreamRequest({
      method: call.method,
      target: outgoing.url,
      headers: outgoing.headers,
      body: call.bodyText,
    });
    const response = await this.#sendOnFreshConnection(outgoing, call);
    call.trace?.upstreamResponse(response.status, response.headers);
    if (response.status < 200 || response.status >= 300) throw await this.#failure(response, call);
    return response;
  }

  /** Reads a whole body. Throws `ProxyError`. */
  async readBody(body: ResponseBody, limit: number, call: RemoteCall): Promise<string> {
    try {
      const text = await readText(body, limit);
      call.trace?.upstreamData(text);
      return text;
    } catch (error) {
      throw this.toConnectionError(error, call);
    }
  }

  /** The error for a connection that failed, or was closed because the call was aborted. */
  toConnectionError(thrown: unknown, { signal, destination }: Pick<RemoteCall, 'signal' | 'destination'>) {
    return signal.aborted ? abortError(signal) : connectionError(thrown, destination.baseUrl);
  }

  #sign(call: RemoteCall): HttpRequest {
    const { profile, cosyVersion, machineOs, now, makeUuid } = this.#options;
    const { login, baseUrl } = call.destination;
    const headers = signedHeaders(
      {
        body: call.body,
        path: call.endpoint.signedPath,
        requestId: makeUuid(),
        unixSeconds: Math.floor(now() / 1000),
        accept: call.accept,
      },
      { login, profile, cosyVersion, machineOs },
    );
    const url = `${baseUrl.url}${call.endpoint.target}`;
    return { method: call.method, url, headers, body: call.body, signal: call.signal };
  }

  /** A kept-alive connection may close just when it is used again; that says nothing about upstream's health. */
  async #sendOnFreshConnection(outgoing: HttpRequest, call: RemoteCall): Promise<HttpResponse> {
    try {
      const dispatcher = await this.#options.dispatcher.get();
      return await sendHttp(dispatcher, outgoing).catch((error) => {
        if (call.signal.aborted || !isStaleConnection(error)) throw error;
        const text = 'Upstream had closed an idle connection; the request was sent again on a new one.';
        call.trace?.note({ type: 'remark', text });
        return sendHttp(dispatcher, outgoing);
      });
    } catch (error) {
      throw this.toConnectionError(error, call);
    }
  }

  async #failure({ status, headers, body }: HttpResponse, call: RemoteCall) {
    const text = await this.readBody(body, mostErrorBytes, call).catch((error) => {
      if (call.signal.aborted) throw error;
      return '';
    });
    const retryAfterSeconds = parseRetryAfter(headers['retry-after'], this.#options.now());
    const clockSkewSeconds = clockSkew(headers['date'], this.#options.now());
    return upstreamError(
      {
        status: saysNoSuchKey(text) ? 404 : status,
        text,
        where: 'http',
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }),
      },
      { ...call.destination, ...(call.model === undefined ? {} : { model: call.model }) },
    );
  }
}

/** Seconds from `Retry-After` in either form: a number, or a date. */
function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

function clockSkew(date: string | undefined, now: number): number | undefined {
  const upstream = Date.parse(date ?? '');
  return Number.isNaN(upstream) ? undefined : (now - upstream) / 1000;
}
