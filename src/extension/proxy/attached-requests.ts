import { Listeners } from '../../core/listeners.ts';
import type { RequestFeed } from '../../recording/request-feed.ts';
import type { RequestSummary } from '../../shared/requests.ts';

/** What lists show at most. */
const mostKept = 200;

type Listener = (request: { toSummary(): RequestSummary }) => void;

/** The newest requests of another process's proxy, as it tells of them. */
export class AttachedRequests implements RequestFeed {
  /** Oldest first. */
  readonly #requests: Map<string, RequestSummary>;
  readonly #listeners = new Listeners<{ toSummary(): RequestSummary }>();
  #running: number;

  /** `newest`: newest first. */
  constructor(newest: readonly RequestSummary[], running: number) {
    this.#requests = new Map(newest.toReversed().map((request) => [request.id, request]));
    this.#running = running;
  }

  get running(): number {
    return this.#running;
  }

  summaries(limit: number): RequestSummary[] {
    if (limit < 1) return [];
    return [...this.#requests.values()].slice(-limit).reverse().map(soFar);
  }

  subscribe(listener: Listener): () => void {
    return this.#listeners.add(listener);
  }

  /** A request has begun or ended. */
  tell(request: RequestSummary, running: number): void {
    this.#running = running;
    this.#requests.set(request.id, request);
    if (this.#requests.size > mostKept) {
      const [oldest] = this.#requests.keys();
      if (oldest !== undefined) this.#requests.delete(oldest);
    }
    this.#listeners.tell({ toSummary: () => soFar(request) });
  }
}

function soFar(request: RequestSummary): RequestSummary {
  if (request.state !== 'running') return request;
  return { ...request, durationMs: Math.max(request.durationMs, Date.now() - Date.parse(request.time)) };
}
