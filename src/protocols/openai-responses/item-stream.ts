import type { Block, BlockEvent } from '../../core/blocks.ts';
import {
  type CallShape,
  callIdPrefix,
  callItem,
  callShape,
  completeInput,
  type ItemStatus,
  messageItem,
  type OutputItem,
  reasoningItem,
  summaryPart,
  textPart,
} from './output-items.ts';
import type { ResponsesRequest } from './responses-request.ts';

interface OpenItem {
  readonly id: string;
  readonly index: number;
  /** Text around the sequence number and the JSON string of a delta: made once an item. */
  readonly deltaHead: string;
  readonly deltaMiddle: string;
  readonly deltaTail: string;
  /** The thoughts' summary part begins with the first of them. */
  hasPart: boolean;
}

/** The events of an answer's items: each is added, filled and done before the next. */
export class ItemStream {
  readonly #request: ResponsesRequest;
  readonly #nextSequence: () => number;
  #open: OpenItem | undefined;
  #finished: OutputItem | undefined;

  constructor(request: ResponsesRequest, nextSequence: () => number) {
    this.#request = request;
    this.#nextSequence = nextSequence;
  }

  /** The item that the latest `block-stop` completed. */
  finished(): OutputItem | undefined {
    return this.#finished;
  }

  /** `status` is that of an item that ends with this event. */
  encode(event: BlockEvent, status: Exclude<ItemStatus, 'in_progress'>): string {
    switch (event.type) {
      case 'block-start':
        return this.#start(event.block, event.index);
      case 'block-delta':
        return this.#delta(event.block, event.text);
      case 'block-stop':
        return this.#stop(event.block, event.text, status, event.signature);
      default:
        return event satisfies never;
    }
  }

  #start(block: Block, index: number): string {
    switch (block.kind) {
      case 'text': {
        const open = this.#begin(
          'msg',
          index,
          'response.output_text.delta',
          ',"content_index":0',
          ',"logprobs":[]',
        );
        return (
          this.#added(open, messageItem(open.id, 'in_progress')) +
          this.#event('response.content_part.added', open, { content_index: 0, part: textPart('') })
        );
      }
      case 'reasoning': {
        const type = 'response.reasoning_summary_text.delta';
        const open = this.#begin('rs', index, type, ',"summary_index":0');
        return this.#added(open, reasoningItem(open.id, 'in_progress', ''));
      }
      case 'tool-call': {
        const shape = callShape(block, this.#request.callKinds);
        const open = this.#begin(callIdPrefix(shape), index, `${callEventName(shape)}.delta`);
        // Nothing of a call with fields of its own can be told before its input is whole.
        if (shape === 'whole') return '';
        return this.#added(open, callItem(open.id, 'in_progress', block, '', this.#request.callKinds));
      }
      default:
        return block satisfies never;
    }
  }

  #delta(block: Block, text: string): string {
    const open = this.#open;
    if (open === undefined) return '';
    if (block.kind === 'tool-call' && callShape(block, this.#request.callKinds) === 'whole') return '';
    let before = '';
    if (block.kind === 'reasoning' && !open.hasPart) {
      open.hasPart = true;
      before = this.#event('response.reasoning_summary_part.added', open, {
        summary_index: 0,
        part: summaryPart(''),
      });
    }
    return `${before}${open.deltaHead}${this.#nextSequence()}${open.deltaMiddle}${JSON.stringify(text)}${open.deltaTail}`;
  }

  #stop(block: Block, text: string, status: Exclude<ItemStatus, 'in_progress'>, signature?: string): string {
    const open = this.#open;
    if (open === undefined) return '';
    this.#open = undefined;
    switch (block.kind) {
      case 'text':
        return (
          this.#event('response.output_text.done', open, { content_index: 0, text, logprobs: [] }) +
          this.#event('response.content_part.done', open, { content_index: 0, part: textPart(text) }) +
          this.#done(open, messageItem(open.id, status, text))
        );
      case 'reasoning': {
        const encrypted = this.#request.includeEncryptedReasoning ? { signature } : undefined;
        return this.#partDone(open, text) + this.#done(open, reasoningItem(open.id, status, text, encrypted));
      }
      case 'tool-call':
        return this.#stopCall(open, block, text, status);
      default:
        return block satisfies never;
    }
  }

  #partDone(open: OpenItem, text: string): string {
    if (!open.hasPart) return '';
    return (
      this.#event('response.reasoning_summary_text.done', open, { summary_index: 0, text }) +
      this.#event('response.reasoning_summary_part.done', open, { summary_index: 0, part: summaryPart(text) })
    );
  }

  #stopCall(
    open: OpenItem,
    call: Block & { readonly kind: 'tool-call' },
    text: string,
    status: Exclude<ItemStatus, 'in_progress'>,
  ): string {
    const { callKinds } = this.#request;
    const shape = callShape(call, callKinds);
    const input = completeInput(shape, text);
    const item = callItem(open.id, status, call, input, callKinds);
    if (shape !== 'whole') {
      const field = shape === 'custom' ? { input } : { arguments: input };
      return this.#event(`${callEventName(shape)}.done`, open, field) + this.#done(open, item);
    }
    const added = this.#added(open, { ...item, status: 'in_progress' });
    if (item.type !== 'function_call') return added + this.#done(open, item);
    return (
      added +
      this.#event('response.function_call_arguments.done', open, { arguments: input }) +
      this.#done(open, item)
    );
  }

  #begin(prefix: string, index: number, deltaType: string, place = '', tail = ''): OpenItem {
    const id = this.#request.itemId(prefix);
    this.#open = {
      id,
      index,
      deltaHead: `event: ${deltaType}\ndata: {"type":"${deltaType}","sequence_number":`,
      deltaMiddle: `,"item_id":"${id}","output_index":${index}${place},"delta":`,
      deltaTail: `${tail}}\n\n`,
      hasPart: false,
    };
    return this.#open;
  }

  #added(open: OpenItem, item: OutputItem): string {
    return this.#itemEvent('response.output_item.added', open, item);
  }

  #done(open: OpenItem, item: OutputItem): string {
    this.#finished = item;
    return this.#itemEvent('response.output_item.done', open, item);
  }

  #itemEvent(type: string, open: OpenItem, item: OutputItem): string {
    return this.#write({ type, sequence_number: this.#nextSequence(), output_index: open.index, item });
  }

  #event(type: string, open: OpenItem, fields: Readonly<Record<string, unknown>>): string {
    const place = { item_id: open.id, output_index: open.index };
    return this.#write({ type, sequence_number: this.#nextSequence(), ...place, ...fields });
  }

  #write(event: { readonly type: string; readonly [field: string]: unknown }): string {
    return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  }
}

function callEventName(shape: CallShape): string {
  return shape === 'custom' ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
}
