import { missingEnd } from '../../core/collect.ts';
import { type ProxyError, toProxyError } from '../../core/errors.ts';
import type { EndReason, TurnEvent, Usage } from '../../core/events.ts';
import { isRecord, type JsonRecord, toNumber, tryParseJson } from '../../core/json.ts';
import { estimateTextTokens, TokenEstimate } from '../../core/tokens.ts';
import type { WireText } from '../../core/wire-text.ts';
import type { TextDelta } from './delta-frame.ts';
import { endReason } from './end-reason.ts';
import { EventReader } from './event-reader.ts';
import { envelopeFailure, innerFailure, malformed } from './stream-failures.ts';
import { ToolCallAssembler } from './tool-call-assembler.ts';
import type { UpstreamFailure } from './upstream-error.ts';
import { readUsage } from './upstream-usage.ts';

const mostOddities = 20;
const mostOddityCharacters = 200;

export interface ChatStreamOptions {
  /** The model's key as upstream was told; '' lets upstream choose, and it then says which. */
  readonly model: string;
  /** Tokens, an estimate. */
  readonly inputTokens: number;
  /** The error for one that upstream reported inside the stream. */
  readonly toError: (failure: UpstreamFailure) => ProxyError;
  /** Makes an id for a tool call that has none. */
  readonly makeCallId: () => string;
  readonly onOddity: (text: string) => void;
  /** Hears of all that upstream sent, in order. */
  readonly onRead: (piece: WireText) => void;
}

/**
 * Reads the chat endpoint's stream. Synchronous: feed decoded text in pieces of any size, get the events it completes.
 * A failure comes after the events before it, so look at `failure` after having passed those on.
 */
export class ChatStream {
  readonly #options: ChatStreamOptions;
  readonly #events: EventReader;
  readonly #calls: ToolCallAssembler;
  #out: TurnEvent[] = [];
  readonly #written = new TokenEstimate();
  #oddities = 0;
  #started = false;
  #finishReason: string | undefined;
  #usage: Usage | undefined;
  #doneSeen = false;
  #finishEventSeen = false;
  #bodyEnded = false;
  #ended = false;
  #failure: ProxyError | undefined;

  constructor(options: ChatStreamOptions) {
    this.#options = options;
    this.#events = new EventReader({
      isOver: () => this.#isOver,
      readData: (data) => this.#readData(data),
      takesDeltas: () => !this.awaitsOnlyUsage,
      readDeltas: (deltas) => this.#giveAll(deltas),
      fail: (error) => this.#fail(error),
      oddity: (text) => {
        if (!this.#isOver) this.#oddity(text);
      },
      onRead: options.onRead,
    });
    this.#calls = new ToolCallAssembler({
      makeId: options.makeCallId,
      onOddity: (text) => this.#oddity(text),
    });
  }

  /** `turn-end` has been given out; what comes later is not read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The answer is complete, but its token counts may still come in a last event. */
  get awaitsOnlyUsage(): boolean {
    return !this.#ended && (this.#doneSeen || this.#finishEventSeen);
  }

  get failure(): ProxyError | undefined {
    return this.#failure;
  }

  push(piece: string): readonly TurnEvent[] {
    this.#events.push(piece);
    return this.#take();
  }

  /** The body has ended properly. */
  end(): readonly TurnEvent[] {
    if (this.#isOver) return [];
    this.#bodyEnded = true;
    this.#events.end();
    if (!this.#failure && !this.#ended) {
      const complete = this.#finishReason !== undefined || this.awaitsOnlyUsage;
      if (complete) this.#tryFinish();
      else this.#fail(missingEnd());
    }
    return this.#take();
  }

  get #isOver(): boolean {
    return this.#ended || this.#failure !== undefined;
  }

  #take(): readonly TurnEvent[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Returns what it says. */
  #readData(data: string): readonly TurnEvent[] {
    if (this.#isOver || data === '') return [];
    const known = this.#out.length;
    try {
      if (isDone(data)) this.#readDone();
      else this.#readDocument(data);
    } catch (error) {
      this.#fail(toProxyError(error));
    }
    return this.#out.slice(known);
  }

  #readDocument(data: string): void {
    const value = this.#parse(data, 'event');
    if (value === undefined) return;
    if (!isRecord(value)) this.#oddity(`An event of the stream is not an object: ${data}`);
    else if ('body' in value || 'statusCodeValue' in value) this.#readEnvelope(value, data);
    else this.#readInner(value, data);
  }

  #readEnvelope(envelope: JsonRecord, data: string): void {
    const { body } = envelope;
    const status = toNumber(envelope['statusCodeValue'] ?? 200);
    if (status >= 400) throw this.#options.toError(envelopeFailure(status, envelope));
    if (typeof body === 'string') {
      if (isDone(body)) this.#readDone();
      else if (body !== '') this.#readInnerText(body);
    } else if (isRecord(body)) this.#readInner(body, data);
    else if ('choices' in envelope) this.#readInner(envelope, data);
    else this.#oddity('An envelope of the stream has no body.');
  }

  #readInnerText(body: string): void {
    const value = this.#parse(body, 'envelope');
    if (isRecord(value)) this.#readInner(value, body);
    else if (value !== undefined) this.#oddity(`The body of an envelope is not an object: ${body}`);
  }

  /** `text` is what `value` was parsed from, for the record of an unknown form. */
  #readInner(value: JsonRecord, text: string): void {
    const { choices, usage, error } = value;
    if (isRecord(error)) throw this.#options.toError(innerFailure(error));
    if (Array.isArray(choices)) this.#readChunk(value, choices);
    else if (isFinishEvent(value)) this.#finishEventSeen = true;
    else if (!isRecord(usage)) {
      this.#oddity(`An event of the stream has an unknown form: ${text}`);
      return;
    }
    // Most chunks say `"usage": null` or nothing.
    if (isRecord(usage)) this.#usage = readUsage(usage, this.#usage) ?? this.#usage;
    const isOver = this.#doneSeen || (this.#finishEventSeen && this.#finishReason !== undefined);
    if (isOver && (this.#finishEventSeen || this.#usage)) this.#finish();
  }

  #readChunk(chunk: JsonRecord, choices: readonly unknown[]): void {
    this.#start(chunk['model']);
    for (const choice of choices) {
      if (!isRecord(choice)) this.#oddity('A choice of a chunk is not an object.');
      else if ((choice['index'] ?? 0) !== 0)
        this.#oddity('A chunk belongs to another choice than the first.');
      else this.#readChoice(choice);
    }
  }

  #readChoice(choice: JsonRecord): void {
    const delta = choice['delta'];
    if (isRecord(delta)) this.#readDelta(delta);
    else if (isRecord(choice['message'])) this.#oddity('A chunk holds a whole message instead of a delta.');
    const reason = choice['finish_reason'];
    if (typeof reason === 'string' && reason !== '') this.#finishReason = reason;
  }

  #readDelta(delta: JsonRecord): void {
    const { content, reasoning_content: reasoning, tool_calls: calls } = delta;
    if (typeof reasoning === 'string') this.#give('reasoning-delta', reasoning);
    if (typeof content === 'string') this.#give('text-delta', content);
    else if (content !== undefined && content !== null) this.#oddity('The content of a chunk is not text.');
    if (Array.isArray(calls)) for (const fragment of calls) this.#calls.push(fragment, this.#out);
  }

  #give(type: 'text-delta' | 'reasoning-delta', text: string): void {
    if (text === '') return;
    this.#written.add(text);
    this.#out.push({ type, text });
  }

  #giveAll(deltas: readonly TextDelta[]): void {
    for (const delta of deltas) {
      this.#written.add(delta.text);
      this.#out.push(delta);
    }
  }

  #readDone(): void {
    // Token counts may follow in a finish event.
    if (this.#usage || this.#finishEventSeen || this.#doneSeen) this.#finish();
    else this.#doneSeen = true;
  }

  #start(saidModel?: unknown): void {
    if (this.#started) return;
    this.#started = true;
    const { model, inputTokens } = this.#options;
    const chosen = typeof saidModel === 'string' && saidModel !== '' ? saidModel : 'auto';
    this.#out.push({ type: 'turn-start', model: model === '' ? chosen : model, inputTokens });
  }

  #tryFinish(): void {
    try {
      this.#finish();
    } catch (error) {
      this.#fail(toProxyError(error));
    }
  }

  #finish(): void {
    this.#start();
    this.#calls.end(this.#out);
    this.#ended = true;
    this.#out.push({ type: 'turn-end', reason: this.#endReason(), usage: this.#usage ?? this.#estimate() });
  }

  #endReason(): EndReason {
    const said = this.#knownReason();
    if (!this.#calls.hasCalls) return said === 'tool-calls' ? 'stop' : said;
    // An answer cut in the middle of a call's arguments is not a call that a client could make.
    return said === 'stop' || this.#calls.allComplete ? 'tool-calls' : said;
  }

  #knownReason(): EndReason {
    const reason = endReason(this.#finishReason);
    if (reason === undefined) this.#oddity(`Upstream ended with an unknown reason: ${this.#finishReason}`);
    if (reason === 'tool-calls' && !this.#calls.hasCalls)
      this.#oddity('Upstream ended with tool_calls but made no call.');
    return reason ?? 'stop';
  }

  #estimate(): Usage {
    const outputTokens = this.#written.tokens + estimateTextTokens(this.#calls.written);
    return { source: 'estimate', inputTokens: this.#options.inputTokens, outputTokens };
  }

  /** Text that is JSON, else undefined: JSON that is cut is a failure, anything else is odd. */
  #parse(text: string, where: 'event' | 'envelope'): unknown {
    const value = tryParseJson(text);
    if (value !== undefined) return value;
    if (!/^\s*[{[]/.test(text)) this.#oddity(`An ${where} of the stream is not JSON: ${text}`);
    else if (this.#bodyEnded) this.#fail(missingEnd());
    else this.#fail(malformed(where));
    return undefined;
  }

  #fail(error: ProxyError): void {
    if (!this.#ended) this.#failure ??= error;
  }

  #oddity(text: string): void {
    if (++this.#oddities <= mostOddities) this.#options.onOddity(text.slice(0, mostOddityCharacters));
  }
}

function isDone(text: string): boolean {
  return text.length < 16 && text.trim() === '[DONE]';
}

function isFinishEvent(value: JsonRecord): boolean {
  return 'firstTokenDuration' in value || 'totalDuration' in value || 'serverDuration' in value;
}
