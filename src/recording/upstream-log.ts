import type { WireRequest } from '../core/trace.ts';
import type { WireText } from '../core/wire-text.ts';
import { BoundedText } from './bounded-text.ts';
import type { ExchangeHead, KeptText, WireSide } from './record.ts';
import { headerWeight, longestField, redactedField, redactedHeaders } from './redacted-fields.ts';
import type { Redactor } from './redaction.ts';

/** Upstream requests kept for one client request: a retry storm must not fill the memory. */
const mostExchanges = 16;
const ownWeight = 1_024;

interface OpenExchange {
  readonly atMs: number;
  readonly wire: Omit<WireRequest, 'body'>;
  readonly request: BoundedText;
  readonly response: BoundedText;
  status?: number;
  responseHeaders?: Readonly<Record<string, string>>;
}

/** What went over the upstream wire for one request. */
export class UpstreamLog {
  readonly #limit: number;
  readonly #exchanges: OpenExchange[] = [];
  #backend: 'remote' | 'ipc' | undefined;

  /** `limit`: characters kept of each body. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The one that was spoken to last. */
  get backend(): 'remote' | 'ipc' | undefined {
    return this.#backend;
  }

  get weight(): number {
    let weight = 0;
    for (const { request, response, wire } of this.#exchanges) {
      weight += ownWeight + request.weight + response.weight + headerWeight(wire.headers);
    }
    return weight;
  }

  begin({ body, ...wire }: WireRequest, atMs: number): void {
    this.#backend = wire.method === 'JSON-RPC' ? 'ipc' : 'remote';
    if (this.#exchanges.length >= mostExchanges) return;
    const request = new BoundedText(this.#limit);
    request.append(body);
    this.#exchanges.push({
      atMs,
      wire: { ...wire, target: wire.target.slice(0, 4 * longestField) },
      request,
      response: new BoundedText(this.#limit),
    });
  }

  answered(status: number, headers: Readonly<Record<string, string>>): void {
    const exchange = this.#exchanges.at(-1);
    if (!exchange) return;
    exchange.status = status;
    exchange.responseHeaders = headers;
  }

  data(piece: WireText): void {
    this.#exchanges.at(-1)?.response.append(piece);
  }

  seal(): void {
    for (const { request, response } of this.#exchanges) {
      request.seal();
      response.seal();
    }
  }

  readHeads(redactor: Redactor): ExchangeHead[] {
    return this.#exchanges.map((exchange) => readHead(exchange, redactor));
  }

  readBody(exchange: number, side: WireSide, redactor: Redactor): KeptText | undefined {
    return this.#exchanges[exchange]?.[side].read(redactor);
  }
}

function readHead(exchange: OpenExchange, redactor: Redactor): ExchangeHead {
  const { atMs, wire, status, responseHeaders, request, response } = exchange;
  return {
    atMs,
    method: wire.method,
    target: redactedField(wire.target, redactor),
    headers: redactedHeaders(wire.headers, redactor),
    ...(status === undefined ? {} : { statusCode: status }),
    ...(responseHeaders && { responseHeaders: redactedHeaders(responseHeaders, redactor) }),
    requestSize: request.length,
    responseSize: response.length,
  };
}
