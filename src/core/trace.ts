import type { WireText } from './wire-text.ts';

/** Something worth knowing about one request, for its record. */
export type TraceNote =
  /** Request fields that were accepted and have no effect, in the client's notation. */
  | { readonly type: 'ignored'; readonly fields: readonly string[] }
  /** The model that the client named and the one that is used, with the rule that decided. */
  | { readonly type: 'model'; readonly asked: string; readonly used: string; readonly rule: string }
  /** The turn got its place in the pool after waiting this long. */
  | { readonly type: 'admitted'; readonly waitedMs: number }
  /** A new try begins: the first, a fallback to another model, a retry. */
  | { readonly type: 'attempt'; readonly backend: string; readonly model: string; readonly why: string }
  /** Something unknown or odd from upstream, kept visible instead of guessed at. */
  | { readonly type: 'oddity'; readonly text: string }
  /** Something else that the reader of a record should know. */
  | { readonly type: 'remark'; readonly text: string };

/** One upstream request as it goes over the wire. Headers still hold secrets: who records them redacts. */
export interface WireRequest {
  /** HTTP method, or `JSON-RPC` for the local runtime. */
  readonly method: string;
  /** URL, socket path, or JSON-RPC method. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The recorder's side of one request. Calls are cheap and never throw. */
export interface Trace {
  note(note: TraceNote): void;
  upstreamRequest(request: WireRequest): void;
  upstreamResponse(status: number, headers: Readonly<Record<string, string>>): void;
  /** A piece of what upstream sent, decoded to text, in order. */
  upstreamData(piece: WireText): void;
}

/** A trace that keeps nothing. */
export const noTrace: Trace = {
  note() {},
  upstreamRequest() {},
  upstreamResponse() {},
  upstreamData() {},
};
