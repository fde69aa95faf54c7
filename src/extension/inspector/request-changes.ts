import type { RequestSummary } from '../../shared/requests.ts';
import { throttled } from '../throttled.ts';

/** Milliseconds between two messages of changes. */
const batchMs = 100;
/** Milliseconds after which requests that go on are told of anew. */
const runningMs = 1_000;

interface LiveRequest {
  toSummary(): RequestSummary;
}

/** Gathers requests that begin, go on and end, and tells of them in batches. Costs a client nothing but the noting. */
export class RequestChanges {
  readonly #tell: (changed: readonly RequestSummary[]) => void;
  readonly #changed = new Set<LiveRequest>();
  readonly #running = new Map<string, LiveRequest>();
  readonly #flush = throttled(() => this.#tellChanged(), batchMs);
  readonly #lookAgain = throttled(() => this.#addRunning(), runningMs);

  constructor(tell: (changed: readonly RequestSummary[]) => void) {
    this.#tell = tell;
  }

  add(request: LiveRequest): void {
    this.#changed.add(request);
    this.#flush();
  }

  /** What has not been told yet is told no more. */
  forget(): void {
    this.#changed.clear();
    this.#running.clear();
  }

  dispose(): void {
    this.forget();
    this.#flush.dispose();
    this.#lookAgain.dispose();
  }

  #tellChanged(): void {
    const changed = new Map<string, RequestSummary>();
    for (const request of this.#changed) {
      const summary = request.toSummary();
      changed.set(summary.id, summary);
      if (summary.state === 'running') this.#running.set(summary.id, request);
      else this.#running.delete(summary.id);
    }
    this.#changed.clear();
    if (changed.size > 0) this.#tell([...changed.values()]);
    if (this.#running.size > 0) this.#lookAgain();
  }

  #addRunning(): void {
    for (const request of this.#running.values()) this.#changed.add(request);
    this.#tellChanged();
  }
}
