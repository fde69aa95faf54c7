import type { RequestSummary } from '../shared/requests.ts';

/** The latest requests as a list shows them, while they go on. */
export interface RequestFeed {
  /** Requests that have begun and not ended. */
  readonly running: number;
  /** The newest `limit` requests, newest first. */
  summaries(limit: number): RequestSummary[];
  /**
   * Tells of each request twice, when it has begun and when it has ended, as it stands then. The listener has to be quick and must
   * not throw: the client is waiting. Returns the way to stop listening.
   */
  subscribe(listener: (request: { toSummary(): RequestSummary }) => void): () => void;
}
