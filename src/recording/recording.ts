import type { ProxyError } from '../core/errors.ts';
import { isContent, type TurnEvent } from '../core/events.ts';
import type { Trace, TraceNote, WireRequest } from '../core/trace.ts';
import type { Turn } from '../core/turn.ts';
import type { WireText } from '../core/wire-text.ts';
import type { Violation } from '../shared/inspector-calls.ts';
import type { RequestSummary } from '../shared/requests.ts';
import { AnswerLog } from './answer-log.ts';
import { BoundedText } from './bounded-text.ts';
import { clientName } from './client-name.ts';
import { EventTimes } from './event-times.ts';
import { NoteLog } from './note-log.ts';
import {
  type CheckedAnswer,
  completeRecord,
  type FindViolations,
  type KeptAnswer,
  type KeptRequest,
  type KeptText,
  type RecordHead,
  type RequestRecord,
  type WireSide,
} from './record.ts';
import { cut, headerWeight, type RawHeaders, redactedField, redactedHeaders } from './redacted-fields.ts';
import type { Redactor } from './redaction.ts';
import { beginningOf, type ConversationBeginning, sessionIdInHeaders, sessionIdOf } from './session-id.ts';
import { UpstreamLog } from './upstream-log.ts';

/** What a record weighs besides its bodies. */
const ownWeight = 1_024;

export interface ArrivedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The request that this one repeats. */
  readonly replayOf?: string;
  /** The client's product, where it is known without headers. */
  readonly client?: string;
}

export interface RecordingOptions {
  readonly redactor: Redactor;
  /** Characters kept of each body; 0: none. */
  readonly bodyLimit: number;
  /** Hears of the end, once. */
  readonly onEnd: (recording: Recording) => void;
}

/**
 * The record of one request while it is being made. As a `Trace` it also hears of the upstream wire. What it is told it only
 * keeps: redaction, and all else that costs time or could fail, waits until somebody reads.
 */
export class Recording implements Trace, KeptRequest {
  readonly id: string;
  readonly #arrived: ArrivedRequest;
  readonly #redactor: Redactor;
  readonly #onEnd: (recording: Recording) => void;
  readonly #startedAt = Date.now();
  readonly #started = performance.now();
  readonly #request: BoundedText;
  readonly #response: BoundedText;
  readonly #responseTimes = new EventTimes();
  readonly #answer: AnswerLog;
  readonly #upstream: UpstreamLog;
  readonly #notes = new NoteLog();
  #api = '';
  #model: string | undefined;
  #sessionId: string | undefined;
  /** What the session's id is made from, once somebody asks, where the client gave none. */
  #beginning: ConversationBeginning | undefined;
  #stream = false;
  #statusCode: number | undefined;
  #responseHeaders: RawHeaders = {};
  #firstTokenMs: number | undefined;
  #endedMs: number | undefined;
  #modelUsed: string | undefined;
  #end: (TurnEvent & { type: 'turn-end' }) | undefined;
  #toolCalls = 0;
  #caller: string | undefined;
  #waitedMs: number | undefined;
  #attempts = 0;
  #error: ProxyError | undefined;
  #violations: readonly Violation[] | undefined;
  /** As it was last asked for, after the end. */
  #summary: RequestSummary | undefined;

  constructor(id: string, arrived: ArrivedRequest, { redactor, bodyLimit, onEnd }: RecordingOptions) {
    this.id = id;
    this.#arrived = arrived;
    this.#redactor = redactor;
    this.#onEnd = onEnd;
    this.#request = new BoundedText(bodyLimit);
    this.#response = new BoundedText(bodyLimit);
    this.#answer = new AnswerLog(bodyLimit);
    this.#upstream = new UpstreamLog(bodyLimit);
  }

  get weight(): number {
    const { path, headers } = this.#arrived;
    return (
      ownWeight +
      path.length +
      headerWeight(headers) +
      headerWeight(this.#responseHeaders) +
      this.#request.weight +
      this.#response.weight +
      this.#responseTimes.weight +
      this.#answer.weight +
      this.#upstream.weight +
      this.#notes.weight
    );
  }

  get hasEnded(): boolean {
    return this.#endedMs !== undefined;
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
    this.#model = cut(turn.model);
    this.#stream = stream;
    const sessionId = sessionIdInHeaders(this.#arrived.headers) ?? turn.metadata.sessionId;
    if (sessionId === undefined) this.#beginning = beginningOf(turn);
    else this.#sessionId = cut(sessionId);
  }

  /** Events of the answer that came together. */
  events(events: readonly TurnEvent[]): void {
    if (events.length === 0) return;
    const atMs = this.#elapsed();
    this.#answer.add(events, atMs);
    if (this.#firstTokenMs === undefined && events.some(isContent)) this.#firstTokenMs = atMs;
    for (const event of events) {
      if (event.type === 'tool-call-start') this.#toolCalls++;
      else if (event.type === 'turn-end') this.#end = event;
    }
  }

  clientStatus(statusCode: number, headers: RawHeaders = {}): void {
    this.#statusCode = statusCode;
    this.#responseHeaders = headers;
  }

  /** Pieces of the answer that go to the client together. */
  clientData(...pieces: readonly WireText[]): void {
    for (const piece of pieces) this.#response.append(piece);
    this.#responseTimes.add(this.#response.length, this.#elapsed());
  }

  /** Why the request failed. The first reason counts: what goes wrong after it is its consequence. */
  failed(error: ProxyError): void {
    this.#error ??= error;
    this.#summary = undefined;
  }

  /** The answer has ended, one way or another. Called once; later calls change nothing. */
  finish(): void {
    if (this.#endedMs !== undefined) return;
    this.#endedMs = this.#elapsed();
    this.#onEnd(this);
  }

  note(note: TraceNote): void {
    if (note.type === 'model') this.#modelUsed = cut(note.used);
    else if (note.type === 'attempt') this.#attempts++;
    else if (note.type === 'admitted') this.#waitedMs = (this.#waitedMs ?? 0) + note.waitedMs;
    this.#notes.add(note, this.#elapsed());
    this.#summary = undefined;
  }

  upstreamRequest(wire: WireRequest): void {
    this.#upstream.begin(wire, this.#elapsed());
    this.#summary = undefined;
  }

  upstreamResponse(status: number, headers: Readonly<Record<string, string>>): void {
    this.#upstream.answered(status, headers);
  }

  upstreamData(piece: WireText): void {
    this.#upstream.data(piece);
  }

  /** Makes what is held small. Done by the recorder once the client has its answer. */
  seal(): void {
    this.#request.seal();
    this.#response.seal();
    this.#answer.seal();
    this.#upstream.seal();
  }

  toSummary(): RequestSummary {
    if (this.#summary !== undefined) return this.#summary;
    const summary = this.#summarize();
    // Once it has ended, many ask for it and little can change.
    if (this.hasEnded) this.#summary = summary;
    return summary;
  }

  #summarize(): RequestSummary {
    const { method, path, headers, client, replayOf } = this.#arrived;
    const usage = this.#end?.usage;
    const sessionId = this.#readSessionId();
    const error = this.#readError();
    return {
      id: this.id,
      time: new Date(this.#startedAt).toISOString(),
      method,
      path: this.#short(path),
      ...(this.#statusCode === undefined ? {} : { statusCode: this.#statusCode }),
      durationMs: this.#endedMs ?? this.#elapsed(),
      ...(this.#firstTokenMs === undefined ? {} : { firstTokenMs: this.#firstTokenMs }),
      state: this.#state(),
      client: this.#short(client ?? clientName(headers)),
      api: this.#api,
      ...(this.#caller === undefined ? {} : { keyName: this.#caller }),
      ...(sessionId === undefined ? {} : { sessionId: this.#short(sessionId) }),
      ...(this.#model === undefined ? {} : { modelAsked: this.#short(this.#model) }),
      ...(this.#modelUsed === undefined ? {} : { modelUsed: this.#short(this.#modelUsed) }),
      ...(this.#upstream.backend === undefined ? {} : { backend: this.#upstream.backend }),
      ...(usage && {
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        usageSource: usage.source,
      }),
      toolCalls: this.#toolCalls,
      ...(this.#waitedMs === undefined ? {} : { waitedMs: this.#waitedMs }),
      ...(this.#attempts === 0 ? {} : { attempts: this.#attempts }),
      stream: this.#stream,
      requestSize: this.#request.length,
      responseSize: this.#response.length,
      ...(this.#violations && { brokenRules: brokenRules(this.#violations) }),
      ...(replayOf === undefined ? {} : { replayOf }),
      ...(error && { error }),
    };
  }

  toHead(): RecordHead {
    return {
      ...this.toSummary(),
      requestHeaders: redactedHeaders(this.#arrived.headers, this.#redactor),
      responseHeaders: redactedHeaders(this.#responseHeaders, this.#redactor),
      upstream: this.#upstream.readHeads(this.#redactor),
      notes: this.#notes.read(this.#redactor),
      ...(this.#violations && { violations: this.#violations }),
    };
  }

  readBody(side: WireSide, exchange?: number): KeptText | undefined {
    const isUpstream = exchange !== undefined;
    const kept = isUpstream
      ? this.#upstream.readBody(exchange, side, this.#redactor)
      : side === 'request'
        ? this.#request.read(this.#redactor)
        : this.#readResponse();
    // Upstream always streams: there the model may have torn it even where the client got it whole.
    const isStream = side === 'response' && (isUpstream || this.#stream);
    return kept && isStream && this.#answer.holdsKnownSecret(this.#redactor) ? withheld(kept) : kept;
  }

  readAnswer(): KeptAnswer {
    return {
      responseTimes: this.#responseTimes.read(this.#stream ? this.#response.peek()?.text : ''),
      answer: this.#answer.read(this.#redactor),
      answerDropped: this.#answer.dropped,
    };
  }

  toRecord(): RequestRecord {
    return completeRecord(this);
  }

  check(findViolations: FindViolations): readonly Violation[] {
    if (this.#violations !== undefined) return this.#violations;
    const found = findViolations(this.#forChecking());
    if (this.hasEnded) {
      this.#violations = found;
      this.#summary = undefined;
    }
    return found;
  }

  #forChecking(): CheckedAnswer {
    const error = this.#readError();
    // As it went out where that is still there: redaction may tear an event.
    const raw = this.#response.peek();
    const kept = raw ?? this.readBody('response') ?? { text: '', omitted: 0 };
    return {
      api: this.#api,
      stream: this.#stream,
      state: this.#state(),
      ...(this.#statusCode === undefined ? {} : { statusCode: this.#statusCode }),
      ...(error && { error }),
      response: kept.text,
      isWhole: raw?.isWhole ?? ('omitted' in kept && kept.omitted === 0),
      notes: this.#notes.read(this.#redactor),
    };
  }

  #readResponse(): KeptText {
    // Once an ended text has been redacted, its events cannot be found in it any more.
    if (this.hasEnded) this.#responseTimes.seal(this.#stream ? (this.#response.peek()?.text ?? '') : '');
    return this.#response.read(this.#redactor);
  }

  #readSessionId(): string | undefined {
    if (this.#beginning !== undefined) {
      this.#sessionId = sessionIdOf(this.#beginning);
      this.#beginning = undefined;
    }
    return this.#sessionId;
  }

  #readError(): RequestSummary['error'] {
    return this.#error && { kind: this.#error.kind, message: this.#short(this.#error.message) };
  }

  #short(text: string): string {
    return redactedField(text, this.#redactor);
  }

  #state(): RequestSummary['state'] {
    if (this.#error) return this.#error.kind === 'cancelled' ? 'cancelled' : 'failed';
    return this.#endedMs === undefined ? 'running' : 'done';
  }

  #elapsed(): number {
    return Math.round((performance.now() - this.#started) * 10) / 10;
  }
}

/** A secret that a stream's events tear stands in none of them, and in all of them together. */
function withheld({ text, omitted }: KeptText): KeptText {
  const notice =
    ': This stream is not shown, as its pieces make up a secret. The conversation is, without it.\n\n';
  return { text: notice, omitted: omitted + text.length };
}

/** What was merely ignored breaks no rule. */
function brokenRules(violations: readonly Violation[]): number {
  return violations.filter(({ severity }) => severity === 'error').length;
}
