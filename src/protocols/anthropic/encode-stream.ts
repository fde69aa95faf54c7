import { type Block, type BlockEvent, BlockSequencer } from '../../core/blocks.ts';
import type { ProxyError } from '../../core/errors.ts';
import type { TurnEnd, TurnEvent } from '../../core/events.ts';
import { insideJsonStrings } from '../../core/json-strings.ts';
import type { StreamEncoder } from '../../core/protocol.ts';
import { formatSse } from '../../core/sse.ts';
import { type AlikeMessages, type WireText, wireTextOf } from '../../core/wire-text.ts';
import type { MessagesRequest } from './decode-request.ts';
import { encodeErrorBody } from './encode-error.ts';
import { encodeMessageShell, encodeStop, newMessageId, parseCallInput } from './encode-message.ts';
import { encodeUsage } from './encode-usage.ts';
import { signThinking } from './thinking-signature.ts';

const ping = formatSse('{"type":"ping"}', 'ping');

/** Comes after a delta's text. */
const deltaTail = '"}}\n\n';

/** What a delta of each kind of block is called, and the field that holds its text. */
const deltas = {
  text: ['text_delta', 'text'],
  reasoning: ['thinking_delta', 'thinking'],
  'tool-call': ['input_json_delta', 'partial_json'],
} as const;

/** Answers as Messages streams them. Thoughts are left out unless the request asked for them. */
export class MessagesStreamEncoder implements StreamEncoder {
  readonly #request: MessagesRequest;
  readonly #id: string;
  readonly #sequencer = new BlockSequencer();
  #started = false;
  #calls = 0;
  /** The text of the last block if that is a call. */
  #lastCall: string | undefined;
  /** Everything of a delta that comes before its text; the same for all deltas of a block. */
  #deltaHead = '';

  constructor(request: MessagesRequest, id: string = newMessageId()) {
    this.#request = request;
    this.#id = id;
  }

  encode(event: TurnEvent): string {
    if (event.type === 'keep-alive') return ping;
    if (event.type === 'turn-start') return this.#start(event.model, event.inputTokens);
    if (event.type === 'reasoning-delta' && this.#request.turn.reasoning === undefined) return '';
    let out = this.#start(this.#request.turn.model, 0);
    for (const blockEvent of this.#sequencer.push(event)) {
      out += this.#encodeBlockEvent(blockEvent);
    }
    return event.type === 'turn-end' ? out + this.#end(event) : out;
  }

  encodeTexts(texts: readonly string[]): WireText {
    let before = this.#start(this.#request.turn.model, 0);
    for (const event of this.#sequencer.push({ type: 'text-delta', text: texts.join('') })) {
      if (event.type !== 'block-delta') before += this.#encodeBlockEvent(event);
    }
    const deltas = this.#encodeDeltas(texts);
    return before === '' ? deltas : before + wireTextOf(deltas);
  }

  fail(error: ProxyError): string {
    return formatSse(JSON.stringify(encodeErrorBody(error)), 'error');
  }

  #start(model: string, inputTokens: number): string {
    if (this.#started) return '';
    this.#started = true;
    return sse('message_start', {
      message: {
        ...encodeMessageShell(this.#id, model || this.#request.turn.model),
        usage: encodeUsage({ source: 'estimate', inputTokens, outputTokens: 0 }),
      },
    });
  }

  #encodeBlockEvent(event: BlockEvent): string {
    switch (event.type) {
      case 'block-start': {
        const [type, field] = deltas[event.block.kind];
        this.#deltaHead = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${event.index},"delta":{"type":"${type}","${field}":"`;
        return sse('content_block_start', {
          index: event.index,
          content_block: encodeBlockStart(event.block),
        });
      }
      case 'block-delta':
        return wireTextOf(this.#encodeDeltas([event.text]));
      case 'block-stop':
        this.#lastCall = event.block.kind === 'tool-call' ? event.text : undefined;
        if (this.#lastCall !== undefined) this.#calls++;
        return encodeSignature(event) + sse('content_block_stop', { index: event.index });
      default:
        return event satisfies never;
    }
  }

  #encodeDeltas(texts: readonly string[]): AlikeMessages {
    return { before: this.#deltaHead, parts: insideJsonStrings(texts), after: deltaTail };
  }

  /** A call that the output limit cut off is none that a client could make. */
  #wholeCalls({ reason }: TurnEnd): number {
    const cutOff =
      reason === 'length' && this.#lastCall !== undefined && parseCallInput(this.#lastCall) === undefined;
    return cutOff ? this.#calls - 1 : this.#calls;
  }

  #end(event: TurnEnd): string {
    return (
      sse('message_delta', {
        delta: { ...encodeStop(event, this.#wholeCalls(event) > 0), container: null },
        usage: encodeUsage(event.usage),
      }) + sse('message_stop', {})
    );
  }
}

function encodeBlockStart(block: Block): object {
  switch (block.kind) {
    case 'text':
      return { type: 'text', text: '' };
    case 'reasoning':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool-call':
      return { type: 'tool_use', id: block.id, name: block.name, input: {} };
    default:
      return block satisfies never;
  }
}

function encodeSignature(event: BlockEvent & { type: 'block-stop' }): string {
  if (event.block.kind !== 'reasoning') return '';
  const signature = event.signature ?? signThinking(event.text);
  return sse('content_block_delta', { index: event.index, delta: { type: 'signature_delta', signature } });
}

function sse(type: string, fields: object): string {
  return formatSse(JSON.stringify({ type, ...fields }), type);
}
