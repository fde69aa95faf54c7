/** What a list tells of one request: its record without bodies and headers. Redacted and bounded. */
export interface RequestSummary {
  readonly id: string;
  /** ISO 8601, when the request arrived. */
  readonly time: string;
  readonly method: string;
  readonly path: string;
  /** Undefined while the answer has not begun. */
  readonly statusCode?: number;
  /** Until the answer ended, or so far. */
  readonly durationMs: number;
  /** Until the first content event; absent before it. */
  readonly firstTokenMs?: number;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** The client's product, from its headers and user agent. */
  readonly client: string;
  /** The dialect, `vscode-chat` for VS Code's own chat, '' where the request never got so far. */
  readonly api: string;
  /** The name of the API key that it came with; absent where none is asked for. */
  readonly keyName?: string;
  /** The client's own id of its conversation, or one made from the conversation's beginning. */
  readonly sessionId?: string;
  readonly modelAsked?: string;
  readonly modelUsed?: string;
  /** The backend that answered last. */
  readonly backend?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly usageSource?: 'upstream' | 'estimate';
  readonly toolCalls: number;
  /** Milliseconds that it waited for its place in the pool; absent when it never got one. */
  readonly waitedMs?: number;
  /** Tries upstream; absent where there was none. */
  readonly attempts?: number;
  readonly stream: boolean;
  /** Characters of the two bodies as they went over the wire, kept or not. */
  readonly requestSize: number;
  readonly responseSize: number;
  /** How many rules the answer or the request broke; absent where they were not checked. */
  readonly brokenRules?: number;
  /** The request that this one repeats. */
  readonly replayOf?: string;
  readonly error?: { readonly kind: string; readonly message: string };
}
