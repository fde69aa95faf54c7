import { createParser, type EventSourceParser } from 'eventsource-parser';
import { missingEnd } from '../../core/collect.ts';
import { type ProxyError, toProxyError } from '../../core/errors.ts';
import type { EndReason, TurnEvent, Usage } from '../../core/events.ts';
import { isRecord, type JsonRecord, toNumber, tryParseJson } from '../../core/json.ts';
import { estimateTextTokens } from '../../core/tokens.ts';
import { DeltaFrame } from './delta-frame.ts';
import { endReason } from './end-reason.ts';
import { PlainLines } from './plain-lines.ts';
import { envelopeFailure, innerFailure, malformed, tooLong, webPage } from './stream-failures.ts';
import { ToolCallAssembler } from './tool-call-assembler.ts';
import type { UpstreamFailure } from './upstream-error.ts';
import { readUsage } from './upstream-usage.ts';

/** Characters of one event: far above what a model writes at once, far below what would hurt. */
const mostEventCharacters = 4 * 1024 * 1024;
const mostStreamCharacters = 256 * 1024 * 1024;
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
}

/**
 * Reads the chat endpoint's stream. Synchronous: feed decoded text in pieces of any size, get the events it completes.
 * A failure comes after the events before it, so look at `failure` after having passed those on.
 */
export class ChatStream {
  readonly #options: ChatStreamOptions;
  readonly #lines = new PlainLines();
  readonly #sse: EventSourceParser;
  readonly #calls: ToolCallAssembler;
  readonly #frame = new DeltaFrame();
  /** Undecided until the first character. */
  #form: 'undecided' | 'stream' | 'document' = 'undecided';
  #document = '';
  #out: TurnEvent[] = [];
  #written = '';
  #characters = 0;
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
    this.#sse = createParser({
      onEvent: ({ data }) => this.#readData(data),
      onError: ({ type, message }) => {
        if (this.#ended || this.#failure) return;
        if (type === 'max-buffer-size-exceeded') this.#fail(tooLong());
        else this.#oddity(`A line of the stream is not a server-sent event: ${message}`);
      },
      maxBufferSize: mostEventCharacters,
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
    if (this.#ended || this.#failure) return [];
    const text = this.#lines.push(piece);
    this.#characters += text.length;
    if (this.#form === 'undecided') this.#decideForm(text);
    if (this.#characters > (this.#form === 'document' ? mostEventCharacters : mostStreamCharacters)) {
      this.#fail(tooLong());
    } else if (this.#form === 'document') this.#document += text;
    else this.#sse.feed(text);
    return this.#take();
  }

  /** The body has ended properly. */
  end(): readonly TurnEvent[] {
    if (this.#ended || this.#failure) return [];
    this.#bodyEnded = true;
    if (this.#form === 'document') this.#endDocument();
    // Not every deployment closes its last event with a blank line.
    else this.#sse.feed('\n\n');
    if (!this.#failure && !this.#ended) {
      const complete = this.#finishReason !== undefined || this.awaitsOnlyUsage;
      if (complete) this.#tryFinish();
      else this.#fail(missingEnd());
    }
    return this.#take();
  }

  /** An error may come as one JSON document instead of a stream, and a gateway's as a web page. */
  #decideForm(text: string): void {
    const first = text.trimStart().charAt(0);
    if (first !== '') this.#form = first === '{' || first === '<' ? 'document' : 'stream';
  }

  #endDocument(): void {
    if (this.#document.trimStart().startsWith('<')) this.#fail(webPage());
    else this.#readData(this.#document);
  }

  #take(): readonly TurnEvent[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #readData(data: string): void {
    if (this.#ended || this.#failure || data === '') return;
    const delta = this.awaitsOnlyUsage ? undefined : this.#frame.read(data);
    try {
      if (delta) this.#give(delta.type, delta.text);
      else if (isDone(data)) this.#readDone();
      else {
        const index = this.#out.length;
        this.#readDocument(data);
        this.#frame.learn(data, this.#out[index]);
      }
    } catch (error) {
      this.#fail(toProxyError(error));
    }
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
    this.#written += text;
    this.#out.push({ type, text });
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
    const outputTokens = estimateTextTokens(this.#written) + estimateTextTokens(this.#calls.written);
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
    this.#failure ??= error;
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
