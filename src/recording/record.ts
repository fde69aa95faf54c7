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

/** One request as `/debug/requests` and the inspector show it. Redacted and bounded throughout; plain JSON. */
export interface RequestRecord extends RequestSummary {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly request: string;
  /** Characters of the body that were there and are not kept. */
  readonly requestOmitted: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly response: string;
  readonly responseOmitted: number;
  /** When each event of a streamed answer went out, in milliseconds from the arrival. Events are what blank lines part. */
  readonly responseTimes: readonly number[];
  /** What the backend answered, before it was put into the client's dialect. */
  readonly answer: readonly AnswerEntry[];
  /** Events of the backend that are not kept. */
  readonly answerDropped: number;
  readonly upstream: readonly UpstreamExchange[];
  readonly notes: readonly TimedNote[];
  /** Absent: nobody looked. */
  readonly violations?: readonly Violation[];
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
export interface UpstreamExchange {
  readonly atMs: number;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly request: string;
  /** Characters as they went over the wire, kept or not. */
  readonly requestSize: number;
  readonly requestOmitted: number;
  readonly response: string;
  readonly responseSize: number;
  readonly responseOmitted: number;
}

/** A request that is kept: one that this process answered, or one of an earlier run. */
export interface KeptRequest {
  readonly id: string;
  /** Characters held in memory. */
  readonly weight: number;
  readonly hasEnded: boolean;
  /** Without what costs time in proportion to the bodies. */
  toSummary(): RequestSummary;
  toRecord(): RequestRecord;
  /** Finds out which rules were broken, once; later calls cost nothing. */
  check(findViolations: FindViolations): readonly Violation[];
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
