import type { TurnResult } from './collect.ts';
import type { ProxyError } from './errors.ts';
import type { TurnEvent } from './events.ts';
import type { Turn } from './turn.ts';
import type { WireText } from './wire-text.ts';

/** A request decoded from a dialect; dialects extend it with what their encoders need to echo. */
export interface DecodedRequest {
  readonly turn: Turn;
  readonly stream: boolean;
  /** Fields that were accepted and have no effect, in the client's notation. */
  readonly ignored: readonly string[];
}

/** An HTTP error in a dialect's own shape. */
export interface EncodedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/**
 * Turns the events of one answer into the text of one SSE stream. Synchronous and stateful: call `encode` with each event
 * in order; the returned text (possibly '') is ready for the wire. After `turn-end` or `fail` it is not used again.
 */
export interface StreamEncoder {
  encode(event: TurnEvent): string;
  /** The same as encoding each as a `text-delta` of its own, at less cost. One at least, none empty. */
  encodeTexts(texts: readonly string[]): WireText;
  /** The dialect's own ending for a stream that fails after it began. */
  fail(error: ProxyError): string;
}

/** One client dialect: pure functions between its JSON and the internal turn. */
export interface Protocol<Request extends DecodedRequest = DecodedRequest> {
  readonly name: string;
  /** Throws `ProxyError` of kind `invalid-request` (or another 4xx kind) with `param` set where possible. */
  decodeRequest(body: unknown): Request;
  createStreamEncoder(request: Request): StreamEncoder;
  encodeResult(result: TurnResult, request: Request): object;
  encodeError(error: ProxyError): EncodedError;
}
