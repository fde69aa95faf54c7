import type { TraceNote } from '../core/trace.ts';

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
  /** The client's product: from its user agent, or as a program in this process calls itself. */
  readonly client: string;
  readonly api: string;
  /** The name of the API key that it came with; absent where none is asked for. */
  readonly keyName?: string;
  readonly sessionId?: string;
  readonly modelAsked?: string;
  readonly modelUsed?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly usageSource?: 'upstream' | 'estimate';
  readonly toolCalls: number;
  /** Milliseconds that it waited for its place in the pool; absent when it never got one. */
  readonly waitedMs?: number;
  /** Tries upstream; absent where there was none. */
  readonly attempts?: number;
  readonly stream: boolean;
  readonly error?: { readonly kind: string; readonly message: string };
}

/** One request as `/debug/requests` and the inspector show it. Redacted and bounded throughout. */
export interface RequestRecord extends RequestSummary {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly request: string;
  readonly requestSize: number;
  readonly response: string;
  readonly responseSize: number;
  readonly upstream: readonly UpstreamExchange[];
  readonly notes: readonly (TraceNote & { readonly atMs: number })[];
}

/** One request that went upstream for a client's request. */
export interface UpstreamExchange {
  readonly atMs: number;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly request: string;
  readonly response: string;
}
