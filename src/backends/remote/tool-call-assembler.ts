import { ProxyError } from '../../core/errors.ts';
import type { TurnEvent } from '../../core/events.ts';
import { isRecord } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import { JsonCompleteness } from './json-completeness.ts';

/** Far more than any model makes; each fragment is looked up among them. */
const mostCalls = 256;

interface OpenCall {
  readonly index: number | undefined;
  /** As upstream wrote it; '' when it did not. */
  upstreamId: string;
  /** As the client sees it, once the call has begun; no two calls share one. */
  id: string;
  name: string;
  /** Arguments that wait for the name. */
  waiting: string;
  begun: boolean;
  ended: boolean;
  hasInput: boolean;
  readonly json: JsonCompleteness;
}

export interface ToolCallAssemblerOptions {
  /** Makes an id where upstream gave none. */
  readonly makeId: () => string;
  readonly onOddity: (text: string) => void;
}

/**
 * Turns `delta.tool_calls` fragments into events. Arguments pass through as they come; what deployments leave out (ids,
 * indexes) or repeat (names, ids) is repaired.
 */
export class ToolCallAssembler {
  readonly #options: ToolCallAssemblerOptions;
  readonly #calls: OpenCall[] = [];
  readonly #ids = new Set<string>();
  #written = '';

  constructor(options: ToolCallAssemblerOptions) {
    this.#options = options;
  }

  /** Names and arguments so far, for an estimate of their tokens. */
  get written(): string {
    return this.#written;
  }

  get hasCalls(): boolean {
    return this.#calls.length > 0;
  }

  /** False while some call's arguments lack their closing brace. */
  get allComplete(): boolean {
    return this.#calls.every((call) => call.json.complete || !call.hasInput);
  }

  push(fragment: unknown, out: TurnEvent[]): void {
    if (!isRecord(fragment)) {
      this.#options.onOddity('A tool call fragment is not an object.');
      return;
    }
    const detail = isRecord(fragment['function']) ? fragment['function'] : {};
    const index = typeof fragment['index'] === 'number' ? fragment['index'] : undefined;
    const id = stringOf(fragment['id']);
    const name = stringOf(detail['name']);
    const call = this.#find(index, id, name) ?? this.#begin(index, out);
    if (call.upstreamId === '') call.upstreamId = id;
    if (!call.begun && name !== '') this.#start(call, name, out);
    this.#addInput(call, this.#inputOf(detail['arguments']), out);
  }

  /** Ends every call. Throws when one never got a name: there is no telling which tool was meant. */
  end(out: TurnEvent[]): void {
    for (const call of this.#calls) {
      if (!call.begun) {
        throw new ProxyError(
          'upstream-protocol',
          phrase('The upstream began a tool call without saying which tool. Send the request again.'),
          { retryAfterSeconds: 1 },
        );
      }
      this.#end(call, out);
    }
  }

  /** The call that a fragment continues. */
  #find(index: number | undefined, id: string, name: string): OpenCall | undefined {
    const candidate =
      index === undefined
        ? (this.#calls.findLast((call) => id !== '' && call.upstreamId === id) ?? this.#calls.at(-1))
        : this.#calls.findLast((call) => call.index === index);
    if (!candidate) return undefined;
    const otherId = id !== '' && candidate.upstreamId !== '' && candidate.upstreamId !== id;
    if (index === undefined && otherId) return undefined;
    // Some deployments count every call as index 0: a new head after finished arguments is another call.
    const afterFinished = name !== '' && candidate.begun && candidate.json.complete;
    return afterFinished && (otherId || (index === undefined && id === '')) ? undefined : candidate;
  }

  #begin(index: number | undefined, out: TurnEvent[]): OpenCall {
    if (this.#calls.length >= mostCalls) {
      throw new ProxyError(
        'upstream-protocol',
        phrase('The upstream made more than {0} tool calls in one answer.', mostCalls),
      );
    }
    for (const earlier of this.#calls) if (earlier.json.complete) this.#end(earlier, out);
    const call: OpenCall = {
      index,
      upstreamId: '',
      id: '',
      name: '',
      waiting: '',
      begun: false,
      ended: false,
      hasInput: false,
      json: new JsonCompleteness(),
    };
    this.#calls.push(call);
    return call;
  }

  #start(call: OpenCall, name: string, out: TurnEvent[]): void {
    const { upstreamId } = call;
    call.id = upstreamId !== '' && !this.#ids.has(upstreamId) ? upstreamId : this.#options.makeId();
    this.#ids.add(call.id);
    call.name = name;
    call.begun = true;
    this.#written += name;
    out.push({ type: 'tool-call-start', id: call.id, name });
    if (call.waiting !== '') out.push({ type: 'tool-call-delta', id: call.id, input: call.waiting });
    call.waiting = '';
  }

  #addInput(call: OpenCall, input: string, out: TurnEvent[]): void {
    if (input === '') return;
    if (call.ended) {
      if (input.trim() !== '') this.#options.onOddity('Arguments came after the end of their tool call.');
      return;
    }
    call.hasInput = true;
    this.#written += input;
    call.json.push(input);
    if (call.begun) out.push({ type: 'tool-call-delta', id: call.id, input });
    else call.waiting += input;
  }

  #inputOf(value: unknown): string {
    if (typeof value === 'string') return value;
    if (!isRecord(value)) return '';
    this.#options.onOddity('Tool call arguments came as an object instead of text.');
    return JSON.stringify(value);
  }

  #end(call: OpenCall, out: TurnEvent[]): void {
    if (call.ended || !call.begun) return;
    call.ended = true;
    // A tool without parameters: clients parse the arguments as JSON, which '' is not.
    if (!call.hasInput) out.push({ type: 'tool-call-delta', id: call.id, input: '{}' });
    out.push({ type: 'tool-call-end', id: call.id });
  }
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
