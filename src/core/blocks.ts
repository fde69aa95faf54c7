import type { TurnEvent } from './events.ts';

/** A stretch of an answer: a text, a thought, a tool call. */
export type Block =
  | { readonly kind: 'text' }
  | { readonly kind: 'reasoning' }
  | { readonly kind: 'tool-call'; readonly id: string; readonly name: string; readonly namespace?: string };

/** What a dialect with content blocks needs: indexes without gaps, one block open at a time, each delta inside its block. */
export type BlockEvent =
  | { readonly type: 'block-start'; readonly index: number; readonly block: Block }
  | { readonly type: 'block-delta'; readonly index: number; readonly block: Block; readonly text: string }
  /** `text` is all that the block held; `signature` belongs to a reasoning block. */
  | {
      readonly type: 'block-stop';
      readonly index: number;
      readonly block: Block;
      readonly text: string;
      readonly signature?: string;
    };

interface OpenBlock {
  readonly index: number;
  readonly block: Block;
  readonly pieces: string[];
  signature?: string;
}

interface WaitingCall {
  readonly block: Block & { readonly kind: 'tool-call' };
  readonly pieces: string[];
  ended: boolean;
}

/**
 * Brackets a stream of deltas into blocks. Tool calls that overlap are put one after the other: a call that begins
 * while another is unfinished waits for it. Call `push` with every event in order; `turn-end` closes what is open.
 */
export class BlockSequencer {
  #nextIndex = 0;
  #open: OpenBlock | undefined;
  readonly #waiting = new Map<string, WaitingCall>();

  push(event: TurnEvent): BlockEvent[] {
    const out: BlockEvent[] = [];
    switch (event.type) {
      case 'text-delta':
        if (event.text !== '') this.#continueBlock('text', event.text, out);
        break;
      case 'reasoning-delta':
        this.#continueBlock('reasoning', event.text, out);
        if (event.signature !== undefined && this.#open) this.#open.signature = event.signature;
        break;
      case 'tool-call-start':
        this.#startCall(event, out);
        break;
      case 'tool-call-delta':
        this.#continueCall(event.id, event.input, out);
        break;
      case 'tool-call-end':
        this.#endCall(event.id, out);
        break;
      case 'turn-end':
        this.#closeAll(out);
        break;
      case 'turn-start':
      case 'keep-alive':
        break;
      default:
        event satisfies never;
    }
    return out;
  }

  #continueBlock(kind: 'text' | 'reasoning', text: string, out: BlockEvent[]): void {
    if (this.#open?.block.kind !== kind) {
      this.#closeAll(out);
      this.#begin({ kind }, out);
    }
    this.#append(text, out);
  }

  #startCall(call: Omit<Block & { kind: 'tool-call' }, 'kind'>, out: BlockEvent[]): void {
    const block = {
      kind: 'tool-call' as const,
      id: call.id,
      name: call.name,
      ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
    };
    if (this.#open?.block.kind === 'tool-call') {
      this.#waiting.set(call.id, { block, pieces: [], ended: false });
      return;
    }
    this.#close(out);
    this.#begin(block, out);
  }

  #continueCall(id: string, input: string, out: BlockEvent[]): void {
    if (this.#open?.block.kind === 'tool-call' && this.#open.block.id === id) this.#append(input, out);
    else this.#waiting.get(id)?.pieces.push(input);
  }

  #endCall(id: string, out: BlockEvent[]): void {
    const waiting = this.#waiting.get(id);
    if (waiting) {
      waiting.ended = true;
      return;
    }
    if (this.#open?.block.kind !== 'tool-call' || this.#open.block.id !== id) return;
    this.#close(out);
    for (const [waitingId, call] of this.#waiting) {
      this.#waiting.delete(waitingId);
      this.#begin(call.block, out);
      if (call.pieces.length > 0) this.#append(call.pieces.join(''), out);
      if (!call.ended) return;
      this.#close(out);
    }
  }

  #closeAll(out: BlockEvent[]): void {
    this.#close(out);
    for (const call of this.#waiting.values()) {
      this.#begin(call.block, out);
      if (call.pieces.length > 0) this.#append(call.pieces.join(''), out);
      this.#close(out);
    }
    this.#waiting.clear();
  }

  #begin(block: Block, out: BlockEvent[]): void {
    this.#open = { index: this.#nextIndex++, block, pieces: [] };
    out.push({ type: 'block-start', index: this.#open.index, block });
  }

  #append(text: string, out: BlockEvent[]): void {
    const open = this.#open;
    if (!open || text === '') return;
    open.pieces.push(text);
    out.push({ type: 'block-delta', index: open.index, block: open.block, text });
  }

  #close(out: BlockEvent[]): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    out.push({
      type: 'block-stop',
      index: open.index,
      block: open.block,
      text: open.pieces.join(''),
      ...(open.signature === undefined ? {} : { signature: open.signature }),
    });
  }
}
