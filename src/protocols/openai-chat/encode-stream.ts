import type { ProxyError } from '../../core/errors.ts';
import type { TurnEnd, TurnEvent } from '../../core/events.ts';
import { insideJsonStrings } from '../../core/json-strings.ts';
import type { StreamEncoder } from '../../core/protocol.ts';
import { formatSse, sseComment } from '../../core/sse.ts';
import { type WireText, wireTextOf } from '../../core/wire-text.ts';
import { customToolNames } from './custom-tool-names.ts';
import type { ChatRequest } from './decode-request.ts';
import { encodeError } from './encode-error.ts';
import { encodeUsage } from './encode-usage.ts';
import { encodeFinishReason } from './finish-reason.ts';

interface OpenCall {
  /** What comes before and after the JSON string of a fragment. */
  readonly before: string;
  readonly after: string;
  /** A function call has to have arguments, if only an empty object. */
  needsInput: boolean;
}

/** Encodes one answer as `chat.completion.chunk` events. One delta costs one string: all that stays the same is made once. */
export class ChatStreamEncoder implements StreamEncoder {
  readonly #request: ChatRequest;
  readonly #customTools: ReadonlySet<string>;
  readonly #calls = new Map<string, OpenCall>();
  #callCount = 0;
  #started = false;
  #head = '';
  #choiceHead = '';
  #textHead = '';
  #reasoningHead = '';
  readonly #deltaTail: string;
  readonly #textTail: string;

  constructor(request: ChatRequest) {
    this.#request = request;
    this.#customTools = customToolNames(request);
    // OpenAI sends a null usage on every chunk but the last when usage was asked for.
    this.#deltaTail = `},"finish_reason":null}]${this.#noUsageYet()}}\n\n`;
    this.#textTail = `"${this.#deltaTail}`;
    this.#setModel(request.turn.model);
  }

  encode(event: TurnEvent): string {
    switch (event.type) {
      case 'text-delta':
        return event.text === '' ? '' : wireTextOf(this.encodeTexts([event.text]));
      case 'reasoning-delta':
        if (event.text === '') return '';
        return `${this.#begin()}${this.#reasoningHead}${JSON.stringify(event.text)}${this.#deltaTail}`;
      case 'tool-call-start':
        return `${this.#begin()}${this.#startCall(event.id, event.name)}`;
      case 'tool-call-delta':
        return this.#continueCall(event.id, event.input);
      case 'tool-call-end':
        return this.#endCall(event.id);
      case 'keep-alive':
        return sseComment;
      case 'turn-start':
        if (event.model !== '') this.#setModel(event.model);
        return this.#begin();
      case 'turn-end':
        return `${this.#begin()}${this.#end(event)}`;
      default:
        return event satisfies never;
    }
  }

  encodeTexts(texts: readonly string[]): WireText {
    const begin = this.#begin();
    const messages = { before: this.#textHead, parts: insideJsonStrings(texts), after: this.#textTail };
    return begin === '' ? messages : begin + wireTextOf(messages);
  }

  /** An error chunk is the last thing sent: without a finish reason or `[DONE]` no client takes the answer for complete. */
  fail(error: ProxyError): string {
    return formatSse(JSON.stringify(encodeError(error).body));
  }

  #setModel(model: string): void {
    const { id, created } = this.#request;
    const common = JSON.stringify({ id, object: 'chat.completion.chunk', created, model }).slice(0, -1);
    this.#head = `data: ${common},"choices":[`;
    this.#choiceHead = `${this.#head}{"index":0,"delta":{`;
    this.#textHead = `${this.#choiceHead}"content":"`;
    this.#reasoningHead = `${this.#choiceHead}"reasoning_content":`;
  }

  #noUsageYet(): string {
    return this.#request.includeUsage ? ',"usage":null' : '';
  }

  #begin(): string {
    if (this.#started) return '';
    this.#started = true;
    return `${this.#choiceHead}"role":"assistant","content":""${this.#deltaTail}`;
  }

  #startCall(id: string, name: string): string {
    const index = this.#callCount++;
    const jsonName = JSON.stringify(name);
    if (this.#request.legacyFunctions) {
      // A client from before `tools` can be told of one call only, and asked for no more than that.
      if (index > 0) return '';
      const before = `${this.#choiceHead}"function_call":{"arguments":`;
      this.#calls.set(id, { before, after: `}${this.#deltaTail}`, needsInput: true });
      return `${this.#choiceHead}"function_call":{"name":${jsonName},"arguments":""}${this.#deltaTail}`;
    }
    const [kind, field] = this.#customTools.has(name) ? ['custom', 'input'] : ['function', 'arguments'];
    const callHead = `${this.#choiceHead}"tool_calls":[{"index":${index},`;
    const after = `}}]${this.#deltaTail}`;
    this.#calls.set(id, {
      before: `${callHead}"${kind}":{"${field}":`,
      after,
      needsInput: kind === 'function',
    });
    return `${callHead}"id":${JSON.stringify(id)},"type":"${kind}","${kind}":{"name":${jsonName},"${field}":""${after}`;
  }

  #continueCall(id: string, input: string): string {
    const call = this.#calls.get(id);
    if (!call || input === '') return '';
    call.needsInput = false;
    return `${call.before}${JSON.stringify(input)}${call.after}`;
  }

  #endCall(id: string): string {
    return this.#calls.get(id)?.needsInput === true ? this.#continueCall(id, '{}') : '';
  }

  #end(end: TurnEnd): string {
    const reason = encodeFinishReason(end.reason, this.#callCount > 0, this.#request);
    const stopReason =
      end.stopSequence === undefined ? '' : `,"stop_reason":${JSON.stringify(end.stopSequence)}`;
    const finish = `${this.#choiceHead}},"finish_reason":"${reason}"${stopReason}}]${this.#noUsageYet()}}\n\n`;
    const usage = this.#request.includeUsage
      ? `${this.#head}],"usage":${JSON.stringify(encodeUsage(end.usage))}}\n\n`
      : '';
    return `${finish}${usage}${formatSse('[DONE]')}`;
  }
}
