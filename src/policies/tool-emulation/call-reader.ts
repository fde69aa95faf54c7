import { isRecord, type JsonRecord, tryParseJson } from '../../core/json.ts';
import type { FunctionTool } from '../../core/turn.ts';
import type { ActionEvent } from './action-event.ts';
import { findArgumentName } from './aliases.ts';
import { allowsNull, coerce, typesOf } from './coerce.ts';
import {
  argumentKeys,
  type CallableTools,
  isCallKey,
  nameKeys,
  propertiesOf,
  requiredOf,
} from './resolve-call.ts';
import { type JsonKind, type JsonListener, TolerantJson } from './tolerant-json.ts';

/** A call object that called nothing. */
export interface FailedCall {
  readonly problem: string;
  /** The object as strict JSON. */
  readonly json: string;
}

/**
 * Reads one JSON value that should be a call, or a list of calls, as it arrives. A call's arguments are buffered until it
 * is known to be valid; from then on they go out as they come. That is known when the tool was named first and every
 * required argument is there or, as the text being read, about to be.
 *
 * With `onlyIfCall` the value may also be ordinary JSON: `rejected` tells as soon as that is certain.
 */
export class CallReader implements JsonListener {
  readonly failures: FailedCall[] = [];
  calls = 0;
  rejected = false;
  /** True while a call has begun to go out and has not ended. */
  live = false;

  readonly #tools: CallableTools;
  readonly #onlyIfCall: boolean;
  readonly #out: (event: ActionEvent) => void;
  readonly #json: TolerantJson;

  /** Containers around a call: 1 in a list of calls. */
  #callDepth = 0;
  #pieces: string[] = [];
  #member = '';
  #capture: string[] | undefined;
  #tool: FunctionTool | undefined;
  /** The tool's name has been read, whether it is known or not. */
  #named = false;
  #insideArguments = false;
  #argument = '';
  #arguments: { readonly name: string; readonly pieces: readonly string[] }[] = [];
  /** The argument text that goes out as it comes. */
  #streaming = false;
  #separator = '';
  #ended = false;

  constructor(tools: CallableTools, onlyIfCall: boolean, out: (event: ActionEvent) => void) {
    this.#tools = tools;
    this.#onlyIfCall = onlyIfCall;
    this.#out = out;
    this.#json = new TolerantJson(this);
    this.#json.rawLineBreaks = !onlyIfCall;
  }

  get state(): TolerantJson['state'] {
    return this.#json.state;
  }

  /** Reads on; returns the index after the last character taken. */
  push(text: string, from: number): number {
    return this.#json.push(text, from);
  }

  /** The block ended here: true when only closing brackets were missing. */
  close(): boolean {
    return this.#json.close();
  }

  text(piece: string): void {
    if (!this.live) this.#pieces.push(piece);
    this.#capture?.push(piece);
    if (this.#streaming) this.#out({ type: 'call-delta', input: piece });
  }

  key(depth: number, name: string): void {
    if (depth === this.#callDepth + 1) {
      this.#member = name;
      if (this.#onlyIfCall && !this.live && !this.#mayBelongToCall(name)) this.#reject();
    } else if (depth === this.#callDepth + 2 && this.#insideArguments) {
      this.#argument = name;
    }
  }

  valueStart(depth: number, kind: JsonKind): void {
    if (depth === 0 && kind === 'array') {
      this.#callDepth = 1;
    } else if (depth === this.#callDepth) {
      this.#beginCall();
      if (kind !== 'object' && this.#onlyIfCall) this.#reject();
    } else if (depth === this.#callDepth + 1) {
      if (kind === 'string' && nameKeys.includes(this.#member)) this.#capture = [];
      this.#insideArguments = kind === 'object' && argumentKeys.includes(this.#member) && !this.#ended;
    } else if (depth === this.#callDepth + 2 && this.#insideArguments) {
      if (!this.live && kind === 'string') this.#startLive();
      if (this.live && this.#tool) this.#beginLiveArgument(kind, propertiesOf(this.#tool));
      if (!this.#streaming) this.#capture = [];
    }
  }

  valueEnd(depth: number): void {
    if (depth === this.#callDepth + 2 && this.#insideArguments) {
      this.#endArgument();
    } else if (depth === this.#callDepth + 1) {
      this.#endMember();
    } else if (depth === this.#callDepth && !(depth === 0 && this.#callDepth === 1)) {
      this.#endCall();
    }
  }

  #beginCall(): void {
    this.#pieces = [];
    this.#member = '';
    this.#capture = undefined;
    this.#tool = undefined;
    this.#named = false;
    this.#insideArguments = false;
    this.#arguments = [];
    this.#ended = false;
  }

  #mayBelongToCall(key: string): boolean {
    if (isCallKey(key)) return true;
    // Arguments at the top are believed only below a tool's name.
    return this.#tool !== undefined && Object.hasOwn(propertiesOf(this.#tool), key);
  }

  #reject(): void {
    if (this.calls > 0) return;
    this.rejected = true;
    this.#json.halt();
  }

  #endMember(): void {
    if (this.#insideArguments) {
      this.#insideArguments = false;
      if (this.live) this.#endLive();
      return;
    }
    const captured = this.#capture?.join('');
    this.#capture = undefined;
    if (captured === undefined || this.#named) return;
    this.#tool = this.#tools.find(String(JSON.parse(captured)));
    this.#named = this.#tool !== undefined || this.#member === nameKeys[0];
    if (!this.#tool && this.#onlyIfCall) this.#reject();
  }

  /** Lets the call go out from here on when it is certain to be valid. */
  #startLive(): void {
    const tool = this.#tool;
    if (!tool) return;
    const declared = propertiesOf(tool);
    if (!streamsAsText(declared[this.#argument])) return;
    const seen = [...this.#arguments.map(({ name }) => name), this.#argument];
    if (new Set(seen).size < seen.length || !seen.every((name) => Object.hasOwn(declared, name))) return;
    if (!requiredOf(tool).every((name) => seen.includes(name))) return;
    const values = this.#arguments.map(({ name, pieces }) => ({ name, text: pieces.join('') }));
    if (values.some(({ text }) => text === 'null')) return;

    this.live = true;
    this.calls++;
    this.#json.rawLineBreaks = true;
    this.#out({ type: 'call-start', name: tool.name });
    const members = values.map(
      ({ name, text }) => `${JSON.stringify(name)}:${coerceText(text, declared[name])}`,
    );
    this.#out({ type: 'call-delta', input: `{${members.join(',')}` });
    this.#separator = members.length > 0 ? ',' : '';
  }

  #beginLiveArgument(kind: JsonKind, declared: JsonRecord): void {
    if (!Object.hasOwn(declared, this.#argument)) {
      const seen = this.#arguments.map(({ name }) => name);
      const free = Object.keys(declared).filter((name) => !seen.includes(name));
      this.#argument = findArgumentName(this.#argument, free) ?? this.#argument;
    }
    this.#streaming = kind === 'string' && streamsAsText(declared[this.#argument]);
    if (this.#streaming) this.#outLiveKey();
  }

  #outLiveKey(): void {
    this.#out({ type: 'call-delta', input: `${this.#separator}${JSON.stringify(this.#argument)}:` });
    this.#separator = ',';
  }

  #endArgument(): void {
    const pieces = this.#capture ?? [];
    this.#capture = undefined;
    if (this.live && !this.#streaming) {
      const text = pieces.join('');
      const schema = this.#tool ? propertiesOf(this.#tool)[this.#argument] : undefined;
      if (text !== 'null' || allowsNull(schema)) {
        this.#outLiveKey();
        this.#out({ type: 'call-delta', input: coerceText(text, schema) });
      }
    }
    this.#streaming = false;
    this.#arguments.push({ name: this.#argument, pieces });
  }

  #endLive(): void {
    this.live = false;
    this.#ended = true;
    this.#out({ type: 'call-delta', input: '}' });
    this.#out({ type: 'call-end' });
  }

  #endCall(): void {
    if (this.#ended) return;
    const json = this.#pieces.join('');
    const written = tryParseJson(json);
    const call = isRecord(written)
      ? this.#tools.resolve(written)
      : { ok: false as const, problem: 'The block must hold a JSON object.' };
    if (!call.ok) {
      this.failures.push({ problem: call.problem, json });
      if (this.#onlyIfCall) this.#reject();
      return;
    }
    this.calls++;
    this.#out({ type: 'call-start', name: call.name });
    this.#out({ type: 'call-delta', input: call.input });
    this.#out({ type: 'call-end' });
  }
}

/** Text for which no conversion can be due. */
function streamsAsText(schema: unknown): boolean {
  if (!isRecord(schema)) return false;
  return typesOf(schema).includes('string');
}

/** A complete argument, converted where its schema asks for it. */
function coerceText(json: string, schema: unknown): string {
  const value = tryParseJson(json);
  const coerced = coerce(value, schema);
  return coerced === value ? json : JSON.stringify(coerced);
}
