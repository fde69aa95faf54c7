import { type BlockEvent, BlockSequencer } from '../../core/blocks.ts';
import type { ProxyError } from '../../core/errors.ts';
import type { TurnEnd, TurnEvent } from '../../core/events.ts';
import type { StreamEncoder } from '../../core/protocol.ts';
import { ItemStream } from './item-stream.ts';
import type { OutputItem } from './output-items.ts';
import { encodeFailure, incompleteReason, type Progress, responseHead } from './response-object.ts';
import type { ResponseStore } from './response-store.ts';
import type { ResponsesRequest } from './responses-request.ts';

/**
 * Encodes one answer as the events of the Responses API: `response.created` and `response.in_progress`, the items one
 * after the other, and one of `response.completed`, `response.incomplete` and `response.failed`. An answer that ends is
 * kept in the store, unless the client forbids it; a failed one never is.
 */
export class ResponsesStreamEncoder implements StreamEncoder {
  readonly #request: ResponsesRequest;
  readonly #store: ResponseStore;
  readonly #unixSeconds: () => number;
  readonly #sequencer = new BlockSequencer();
  readonly #items: ItemStream;
  readonly #output: OutputItem[] = [];
  #echoJson = '';
  #model: string;
  #sequence = 0;
  #started = false;

  constructor(request: ResponsesRequest, store: ResponseStore, unixSeconds: () => number) {
    this.#request = request;
    this.#store = store;
    this.#unixSeconds = unixSeconds;
    this.#model = request.turn.model;
    this.#items = new ItemStream(request, () => this.#sequence++);
  }

  encode(event: TurnEvent): string {
    switch (event.type) {
      case 'turn-start':
        if (event.model !== '') this.#model = event.model;
        return this.#begin();
      case 'keep-alive':
        return this.#started ? this.#lifecycle('response.in_progress') : this.#begin();
      case 'reasoning-delta':
        if (this.#request.turn.reasoning === undefined) return this.#begin();
        return this.#begin() + this.#encodeBlocks(this.#sequencer.push(event));
      case 'text-delta':
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-call-end':
        return this.#begin() + this.#encodeBlocks(this.#sequencer.push(event));
      case 'turn-end':
        return this.#begin() + this.#end(event);
      default:
        return event satisfies never;
    }
  }

  encodeTexts(texts: readonly string[]): string {
    let out = this.#begin();
    // Each has a number of its own, so that they have nothing to share.
    for (const text of texts) out += this.#encodeBlocks(this.#sequencer.push({ type: 'text-delta', text }));
    return out;
  }

  /** What was begun stays without its end: no client takes a part for the whole. */
  fail(error: ProxyError): string {
    return (
      this.#begin() + this.#lifecycle('response.failed', { status: 'failed', error: encodeFailure(error) })
    );
  }

  #begin(): string {
    if (this.#started) return '';
    this.#started = true;
    this.#echoJson = JSON.stringify(this.#request.echo);
    return this.#lifecycle('response.created') + this.#lifecycle('response.in_progress');
  }

  #encodeBlocks(events: readonly BlockEvent[], lastStatus?: 'incomplete'): string {
    let text = '';
    for (const event of events) {
      const isLast = lastStatus !== undefined && event === events.at(-1);
      text += this.#items.encode(event, isLast ? lastStatus : 'completed');
      if (event.type === 'block-stop') {
        const item = this.#items.finished();
        if (item !== undefined) this.#output.push(item);
      }
    }
    return text;
  }

  #end(event: TurnEnd): string {
    const incomplete = incompleteReason(event.reason) !== undefined;
    const items = this.#encodeBlocks(this.#sequencer.push(event), incomplete ? 'incomplete' : undefined);
    const { conversation, responseId: id } = this.#request;
    if (conversation !== undefined) {
      this.#store.save({ id, conversation: [...conversation, ...this.#output], output: this.#output });
    }
    const { reason, usage } = event;
    const outcome = { status: 'ended', reason, usage, at: this.#unixSeconds() } as const;
    return items + this.#lifecycle(incomplete ? 'response.incomplete' : 'response.completed', outcome);
  }

  #lifecycle(type: string, outcome: Progress['outcome'] = { status: 'in_progress' }): string {
    const head = responseHead(this.#request, { model: this.#model, output: this.#output, outcome });
    // The request's echo is serialized once, however often it is repeated.
    const response = `${JSON.stringify(head).slice(0, -1)},${this.#echoJson.slice(1)}`;
    return `event: ${type}\ndata: {"type":"${type}","sequence_number":${this.#sequence++},"response":${response}}\n\n`;
  }
}
