/** One request that the simulated remote API received. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON (decoded first when `Encode=1`); undefined when there was none or it was not JSON. */
  body: unknown;
  /** The HTTP status that it was answered with; 0 until then, and when there was no answer. */
  status: number;
  /** Whether the client closed the connection before the answer was complete. */
  aborted: boolean;
  /** Whether the answer was written to its end. */
  completed: boolean;
}

/** The simulated remote API. */
export interface SimulatedRemote {
  /** `http://127.0.0.1:PORT`, for `LINGMA_REMOTE_BASE_URL`. */
  readonly url: string;
  /** The latest requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Requests in all, also those no longer kept. */
  readonly requestsEver: number;
  /** Chat requests in all. */
  readonly chatsEver: number;
  /** Rules of the wire that a request broke. Empty as long as the client is right. */
  readonly violations: readonly string[];
  /** Answers being written now. */
  readonly openRequests: number;
  /** TCP connections open now. */
  readonly openConnections: number;
  /** Breaks every connection; those that are tried from now on are refused. */
  stop(): Promise<void>;
  /** Comes back on the same port after `stop`. */
  start(): Promise<void>;
  /** Breaks every connection. */
  dropConnections(): void;
}
