import type { TurnEvent } from '../core/events.ts';
import type { TraceNote } from '../core/trace.ts';
import type { Violation } from '../shared/inspector-calls.ts';
import type { RequestSummary } from '../shared/requests.ts';

/** A body as far as it is kept. */
export interface KeptText {
  /** Redacted. */
  readonly text: string;
  /** Characters that were there and are not kept; 0: it is whole. */
  readonly omitted: number;
}

/** What is kept of a request besides its bodies and events. Redacted and bounded throughout; plain JSON. */
export interface RecordHead extends RequestSummary {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly upstream: readonly ExchangeHead[];
  readonly notes: readonly TimedNote[];
  /** Absent: nobody looked. */
  readonly violations?: readonly Violation[];
}

/** The events of an answer. */
export interface KeptAnswer {
  /** When each event of a streamed answer went out, in milliseconds from the arrival. Events are what blank lines part. */
  readonly responseTimes: readonly number[];
  /** What the backend answered, before it was put into the client's dialect. */
  readonly answer: readonly AnswerEntry[];
  /** Events of the backend that are not kept. */
  readonly answerDropped: number;
}

/** One request with all that is kept of it. */
export interface RequestRecord extends RecordHead, KeptAnswer {
  readonly request: string;
  /** Characters of the body that were there and are not kept. */
  readonly requestOmitted: number;
  readonly response: string;
  readonly responseOmitted: number;
  readonly upstream: readonly UpstreamExchange[];
}

export type TimedNote = TraceNote & { readonly atMs: number };

/** Deltas of one kind that followed one another, or any other event. */
export type AnswerEntry =
  | {
      readonly type: 'text-delta' | 'reasoning-delta' | 'tool-call-delta';
      /** The call that the deltas belong to. */
      readonly id?: string;
      readonly text: string;
      /** In turn, when a delta came, in milliseconds from the arrival, and how many characters of the text it brought. */
      readonly pieces: readonly number[];
    }
  | { readonly type: 'event'; readonly atMs: number; readonly event: TurnEvent };

/** One request that went upstream for a client's request. */
export interface ExchangeHead {
  readonly atMs: number;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** Characters as they went over the wire, kept or not. */
  readonly requestSize: number;
  readonly responseSize: number;
}

export interface UpstreamExchange extends ExchangeHead {
  readonly request: string;
  readonly requestOmitted: number;
  readonly response: string;
  readonly responseOmitted: number;
}

export type WireSide = 'request' | 'response';

/** A request that is kept: one that this process answered, or one of an earlier run. What it gives is redacted. */
export interface KeptRequest {
  readonly id: string;
  /** Characters held in memory. */
  readonly weight: number;
  readonly hasEnded: boolean;
  /** This and the next cost no time in proportion to the bodies. */
  toSummary(): RequestSummary;
  toHead(): RecordHead;
  /** A body of the client's wire, or of one of the upstream exchanges; undefined when there is no such exchange. */
  readBody(side: WireSide, exchange?: number): KeptText | undefined;
  readAnswer(): KeptAnswer;
  toRecord(): RequestRecord;
  /** Finds out which rules were broken, once; later calls cost nothing. */
  check(findViolations: FindViolations): readonly Violation[];
}

/** All of a request's record in one. */
export function completeRecord(kept: Omit<KeptRequest, 'toRecord'>): RequestRecord {
  const head = kept.toHead();
  const answer = kept.readAnswer();
  const body = (side: WireSide, exchange?: number) =>
    kept.readBody(side, exchange) ?? { text: '', omitted: 0 };
  const request = body('request');
  const response = body('response');
  const upstream = head.upstream.map((exchange, index): UpstreamExchange => {
    const sent = body('request', index);
    const received = body('response', index);
    return {
      ...exchange,
      request: sent.text,
      requestOmitted: sent.omitted,
      response: received.text,
      responseOmitted: received.omitted,
    };
  });
  return {
    ...head,
    request: request.text,
    requestOmitted: request.omitted,
    response: response.text,
    responseOmitted: response.omitted,
    ...answer,
    upstream,
  };
}

/** An answer as it is looked at for broken rules. */
export interface CheckedAnswer {
  readonly api: string;
  readonly stream: boolean;
  readonly state: RequestSummary['state'];
  readonly statusCode?: number;
  readonly error?: { readonly kind: string; readonly message: string };
  readonly response: string;
  /** False: the end of it is not kept. */
  readonly isWhole: boolean;
  readonly notes: readonly TraceNote[];
}

export type FindViolations = (answer: CheckedAnswer) => readonly Violation[];
