/**
 * What a backend answers: one `turn-start`, deltas, one `turn-end`. Deltas only; whoever needs blocks opened and
 * closed uses `blocks.ts`. A failure is a thrown `ProxyError`; an end without `turn-end` is one too.
 */
export type TurnEvent =
  | TurnStart
  | { readonly type: 'keep-alive' }
  | { readonly type: 'reasoning-delta'; readonly text: string; readonly signature?: string }
  | { readonly type: 'text-delta'; readonly text: string }
  | {
      readonly type: 'tool-call-start';
      readonly id: string;
      readonly name: string;
      readonly namespace?: string;
    }
  /** A fragment of the call's input: JSON text for a function tool, free text for a custom tool. */
  | { readonly type: 'tool-call-delta'; readonly id: string; readonly input: string }
  /** The call's input is complete. Every call gets one before `turn-end`; calls may overlap. */
  | { readonly type: 'tool-call-end'; readonly id: string }
  | TurnEnd;

export interface TurnStart {
  readonly type: 'turn-start';
  /** The model that answers. */
  readonly model: string;
  /** Tokens, an estimate until the end. */
  readonly inputTokens: number;
}

export type EndReason = 'stop' | 'length' | 'tool-calls' | 'content-filter';

export interface TurnEnd {
  readonly type: 'turn-end';
  readonly reason: EndReason;
  /** The stop sequence that cut the text, when one did. */
  readonly stopSequence?: string;
  readonly usage: Usage;
}

/** Token counts, and who counted them. */
export interface Usage {
  readonly source: 'upstream' | 'estimate';
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens` that upstream read from a cache; absent when upstream did not say. */
  readonly cachedInputTokens?: number;
  /** Part of `outputTokens` spent on reasoning; absent when upstream did not say. */
  readonly reasoningTokens?: number;
}

/** True for the events after which an answer can no longer be taken back or begun again elsewhere. */
export function isContent(event: TurnEvent): boolean {
  switch (event.type) {
    case 'reasoning-delta':
    case 'text-delta':
    case 'tool-call-start':
    case 'tool-call-delta':
    case 'tool-call-end':
      return true;
    case 'turn-start':
    case 'keep-alive':
    case 'turn-end':
      return false;
    default:
      return event satisfies never;
  }
}
