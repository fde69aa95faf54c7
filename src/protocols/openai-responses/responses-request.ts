import type { DecodedRequest } from '../../core/protocol.ts';
import type { CallKinds } from './call-kinds.ts';

/** The part of a response object that repeats the request. Made once; it holds the tools and may be large. */
export type Echo = Readonly<Record<string, unknown>>;

/** A decoded request with all that its answer repeats. */
export interface ResponsesRequest extends DecodedRequest {
  /** The one id of the answer. */
  readonly responseId: string;
  /** Makes the ids of its items. */
  readonly itemId: (prefix: string) => string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly callKinds: CallKinds;
  readonly includeEncryptedReasoning: boolean;
  readonly echo: Echo;
  /** The items that this turn answers, to be kept with the answer; undefined when the client wants nothing kept. */
  readonly conversation: readonly unknown[] | undefined;
}
