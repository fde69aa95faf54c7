import type { ProxyError } from '../core/errors.ts';
import { isContent, type TurnEvent } from '../core/events.ts';
import type { Trace, TraceNote, WireRequest } from '../core/trace.ts';
import type { Turn } from '../core/turn.ts';
import { BoundedText } from './bounded-text.ts';
import { clientName } from './client-name.ts';
import type { RequestRecord, RequestSummary, UpstreamExchange } from './record.ts';
import type { Redactor } from './redaction.ts';

/** Upstream requests kept for one client request: a retry storm must not fill the memory. */
const mostExchanges = 16;
const mostNotes = 200;
/** Characters of a path, a header or a note: nobody needs more, and many of them must not fill the memory either. */
const longestField = 2_000;
/** What a record weighs besides its bodies. */
const ownWeight = 1_024;

export interface ArrivedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The client's product, where it is known without headers. */
  readonly client?: string;
}

interface OpenExchange {
  readonly atMs: number;
  readonly wire: WireRequest;
  readonly request: BoundedText;
  readonly response: BoundedText;
  status?: number;
  responseHeaders?: Readonly<Record<string, string>>;
}

type RawHeaders = ArrivedRequest['headers'];

/**
 * The record of one request while it is being made. As a `Trace` it also hears of the upstream wire. What it is told it only
 * keeps: redaction, and all else that costs time or could fail, waits until somebody reads.
 */
export class Recording implements Trace {
  readonly id: string;
  readonly #redactor: Redactor;
  readonly #limit: number;
  readonly #arrived: ArrivedRequest;
  readonly #startedAt = Date.now();
  readonly #started = performance.now();
  readonly #request: BoundedText;
  readonly #response: BoundedText;
  readonly #exchanges: OpenExchange[] = [];
  readonly #notes: (TraceNote & { atMs: number })[] = [];
  readonly #onEnd: (recording: Recording) => void;
  #api = '';
  #turn: { readonly model: string; readonly sessionId: string | undefined } | undefined;
  #stream = false;
  #statusCode: number | undefined;
  #firstTokenMs: number | undefined;
  #endedMs: number | undefined;
  #modelUsed: string | undefined;
  #end: (TurnEvent & { type: 'turn-end' }) | undefined;
  #toolCalls = 0;
  #caller: string | undefined;
  #waitedMs: number | undefined;
  #attempts = 0;
  #error: ProxyError | undefined;

  constructor(
    id: string,
    arrived: ArrivedRequest,
    redactor: Redactor,
    limit: number,
    onEnd: (r: Recording) => void,
  ) {
    this.id = id;
    this.#arrived = arrived;
    this.#redactor = redactor;
    this.#limit = limit;
    this.#request = new BoundedText(limit);
    this.#response = new BoundedText(limit);
    this.#onEnd = onEnd;
  }

  /** Characters held in memory. */
  get weight(): number {
    const { path, headers } = this.#arrived;
    let weight =
      ownWeight + path.length + headerWeight(headers) + this.#request.weight + this.#response.weight;
    for (const { request, response, wire } of this.#exchanges) {
      weight += ownWeight + request.weight + response.weight + headerWeight(wire.headers);
    }
    for (const note of this.#notes)
      weight += note.type === 'oddity' || note.type === 'remark' ? note.text.length : 100;
    return weight;
  }

  clientRequest(body: string): void {
    this.#request.append(body);
  }

  /** The name of the key that it came with. */
  calledBy(caller: string): void {
    this.#caller = caller;
  }

  /** The request as decoded, and the dialect that it came in. */
  decoded(api: string, turn: Turn, stream: boolean): void {
    this.#api = api;
    const { sessionId } = turn.metadata;
    this.#turn = { model: cut(turn.model), sessionId: sessionId === undefined ? undefined : cut(sessionId) };
    this.#stream = stream;
  }

  event(event: TurnEvent): void {
    if (this.#firstTokenMs === undefined && isContent(event)) this.#firstTokenMs = this.#elapsed();
    if (event.type === 'tool-call-start') this.#toolCalls++;
    else if (event.type === 'turn-end') this.#end = event;
  }

  clientStatus(statusCode: number): void {
    this.#statusCode = statusCode;
  }

  /** A piece of the answer as it goes to the client. */
  clientData(text: string): void {
    this.#response.append(text);
  }

  /** Why the request failed. The first reason counts: what goes wrong after it is its consequence. */
  failed(error: ProxyError): void {
    this.#error ??= error;
  }

  /** The answer has ended, one way or another. Called once; later calls change nothing. */
  finish(): void {
    if (this.#endedMs !== undefined) return;
    this.#endedMs = this.#elapsed();
    this.#onEnd(this);
  }

  /** Makes what is held small. Done by the recorder once the client has its answer. */
  seal(): void {
    this.#request.seal();
    this.#response.seal();
    for (const exchange of this.#exchanges) {
      exchange.request.seal();
      exchange.response.seal();
    }
  }

  note(note: TraceNote): void {
    if (note.type === 'model') this.#modelUsed = cut(note.used);
    else if (note.type === 'attempt') this.#attempts++;
    else if (note.type === 'admitted') this.#waitedMs = (this.#waitedMs ?? 0) + note.waitedMs;
    if (this.#notes.length < mostNotes) this.#notes.push({ ...bounded(note), atMs: this.#elapsed() });
  }

  upstreamRequest(wire: WireRequest): void {
    if (this.#exchanges.length >= mostExchanges) return;
    const request = new BoundedText(this.#limit);
    request.append(wire.body);
    this.#exchanges.push({
      atMs: this.#elapsed(),
      wire: { ...wire, target: wire.target.slice(0, 4 * longestField), body: '' },
      request,
      response: new BoundedText(this.#limit),
    });
  }

  upstreamResponse(status: number, headers: Readonly<Record<string, string>>): void {
    const exchange = this.#exchanges.at(-1);
    if (!exchange) return;
    exchange.status = status;
    exchange.responseHeaders = headers;
  }

  upstreamData(text: string): void {
    this.#exchanges.at(-1)?.response.append(text);
  }

  /** The outcome in one line, for the log. */
  summary(): string {
    const state = this.#state();
    const status = this.#statusCode === undefined ? [] : [`${this.#statusCode}`];
    const parts = [[...status, ...(state === 'done' && status.length > 0 ? [] : [state])].join(' ')];
    parts.push(`${Math.round(this.#endedMs ?? this.#elapsed())} ms`);
    if (this.#caller !== undefined) parts.push(`key ${this.#caller}`);
    if (this.#turn)
      parts.push(`model ${this.#turn.model || '(none)'}${this.#modelUsed ? ` as ${this.#modelUsed}` : ''}`);
    if (this.#end) parts.push(`${this.#end.usage.inputTokens} + ${this.#end.usage.outputTokens} tokens`);
    if (this.#error) parts.push(`${this.#error.kind}: ${cut(this.#error.message)}`);
    return parts.join(', ');
  }

  /** Without what costs time in proportion to the bodies. */
  toSummary(): RequestSummary {
    const { method, path, headers, client } = this.#arrived;
    const usage = this.#end?.usage;
    return {
      id: this.id,
      time: new Date(this.#startedAt).toISOString(),
      method,
      path: this.#short(path),
      ...(this.#statusCode === undefined ? {} : { statusCode: this.#statusCode }),
      durationMs: this.#endedMs ?? this.#elapsed(),
      ...(this.#firstTokenMs === undefined ? {} : { firstTokenMs: this.#firstTokenMs }),
      state: this.#state(),
      client: client ?? clientName(headers),
      api: this.#api,
      ...(this.#caller === undefined ? {} : { keyName: this.#caller }),
      ...(this.#turn?.sessionId === undefined ? {} : { sessionId: this.#turn.sessionId }),
      ...(this.#turn === undefined ? {} : { modelAsked: this.#turn.model }),
      ...(this.#modelUsed === undefined ? {} : { modelUsed: this.#modelUsed }),
      ...(usage && {
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        usageSource: usage.source,
      }),
      toolCalls: this.#toolCalls,
      ...(this.#waitedMs === undefined ? {} : { waitedMs: this.#waitedMs }),
      ...(this.#attempts === 0 ? {} : { attempts: this.#attempts }),
      stream: this.#stream,
      ...(this.#error && {
        error: { kind: this.#error.kind, message: this.#short(this.#error.message) },
      }),
    };
  }

  toRecord(): RequestRecord {
    return {
      ...this.toSummary(),
      requestHeaders: this.#headers(this.#arrived.headers),
      request: this.#request.read(this.#redactor),
      requestSize: this.#request.length,
      response: this.#response.read(this.#redactor),
      responseSize: this.#response.length,
      upstream: this.#exchanges.map((exchange) => this.#readExchange(exchange)),
      notes: this.#notes.map((note) => this.#readNote(note)),
    };
  }

  #readExchange(exchange: OpenExchange): UpstreamExchange {
    return {
      atMs: exchange.atMs,
      method: exchange.wire.method,
      target: this.#short(exchange.wire.target),
      headers: this.#headers(exchange.wire.headers),
      ...(exchange.status === undefined ? {} : { statusCode: exchange.status }),
      ...(exchange.responseHeaders && { responseHeaders: this.#headers(exchange.responseHeaders) }),
      request: exchange.request.read(this.#redactor),
      response: exchange.response.read(this.#redactor),
    };
  }

  #readNote(note: TraceNote & { atMs: number }): TraceNote & { atMs: number } {
    return note.type === 'oddity' || note.type === 'remark'
      ? { ...note, text: this.#short(note.text) }
      : note;
  }

  #headers(headers: RawHeaders): Record<string, string> {
    const safe = this.#redactor.headers(headers);
    for (const [name, value] of Object.entries(safe)) safe[name] = cut(value);
    return safe;
  }

  #short(text: string): string {
    return cut(this.#redactor.text(text));
  }

  #state(): RequestRecord['state'] {
    if (this.#error) return this.#error.kind === 'cancelled' ? 'cancelled' : 'failed';
    return this.#endedMs === undefined ? 'running' : 'done';
  }

  #elapsed(): number {
    return Math.round((performance.now() - this.#started) * 10) / 10;
  }
}

function cut(text: string): string {
  return text.length > longestField ? `${text.slice(0, longestField)}…` : text;
}

function bounded(note: TraceNote): TraceNote {
  switch (note.type) {
    case 'model':
      return { ...note, asked: cut(note.asked), used: cut(note.used) };
    case 'attempt':
      return { ...note, model: cut(note.model), why: cut(note.why) };
    case 'oddity':
    case 'remark':
      return { ...note, text: note.text.slice(0, 4 * longestField) };
    case 'ignored':
      return { ...note, fields: note.fields.slice(0, mostNotes).map(cut) };
    case 'admitted':
      return note;
    default:
      return note satisfies never;
  }
}

function headerWeight(headers: RawHeaders): number {
  let weight = 0;
  for (const [name, value] of Object.entries(headers)) weight += name.length + (value?.length ?? 0);
  return weight;
}
