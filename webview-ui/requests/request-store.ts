import type { RequestSummary } from '../../src/shared/requests.ts';
import { isError } from './is-error.ts';

/** A request as the list keeps it. */
export interface RequestEntry {
  readonly request: RequestSummary;
  /** Rises with each request that arrived. */
  readonly order: number;
  /** What a text filter looks into, in lower case. */
  readonly searched: string;
  /** When this was heard, by the clock of `performance.now()`: what still runs has run on since then. */
  readonly heardAt: number;
}

const mostRequests = 10_000;

/** The requests that the list knows, oldest first: at most 10,000, of which the oldest go first. */
export class RequestStore {
  readonly #entries = new Map<string, RequestEntry>();
  readonly #now: () => number;
  /** What came while it was paused, the latest of each; undefined when it is not. */
  #heldBack: Map<string, RequestSummary> | undefined;
  #lastOrder = 0;
  #errors = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many of them are errors. */
  get errors(): number {
    return this.#errors;
  }

  get isPaused(): boolean {
    return this.#heldBack !== undefined;
  }

  /** How many requests have something new that is not shown, as the list is paused. */
  get heldBack(): number {
    return this.#heldBack?.size ?? 0;
  }

  entries(): RequestEntry[] {
    return [...this.#entries.values()];
  }

  get(id: string): RequestEntry | undefined {
    return this.#entries.get(id);
  }

  /** Takes over a whole list, newest first, as the proxy gives it. */
  replaceAll(newestFirst: readonly RequestSummary[]): void {
    this.#entries.clear();
    this.#errors = 0;
    this.#heldBack?.clear();
    for (const request of newestFirst.toReversed()) this.#put(request);
    this.#dropOldest();
  }

  /** Takes over what has begun, gone on or ended. */
  apply(changed: readonly RequestSummary[]): void {
    for (const request of changed) {
      if (this.#heldBack) this.#hold(request);
      else this.#put(request);
    }
    this.#dropOldest();
  }

  /** From now on changes are held back, until `resume`. */
  pause(): void {
    this.#heldBack ??= new Map();
  }

  resume(): void {
    const held = this.#heldBack;
    this.#heldBack = undefined;
    this.apply([...(held?.values() ?? [])]);
  }

  #hold(request: RequestSummary): void {
    const held = this.#heldBack;
    if (!held) return;
    held.set(request.id, request);
    if (held.size <= mostRequests) return;
    const [oldest] = held.keys();
    if (oldest !== undefined) held.delete(oldest);
  }

  #put(request: RequestSummary): void {
    const known = this.#entries.get(request.id);
    this.#errors += Number(isError(request)) - Number(known !== undefined && isError(known.request));
    this.#entries.set(request.id, {
      request,
      order: known?.order ?? ++this.#lastOrder,
      searched: searchedText(request),
      heardAt: this.#now(),
    });
  }

  #dropOldest(): void {
    for (const [id, { request }] of this.#entries) {
      if (this.#entries.size <= mostRequests) return;
      this.#entries.delete(id);
      this.#errors -= Number(isError(request));
    }
  }
}

/** How long it took, or has been going on until now, in milliseconds. */
export function durationOf({ request, heardAt }: RequestEntry, now: number): number {
  return request.state === 'running' ? request.durationMs + Math.max(0, now - heardAt) : request.durationMs;
}

function searchedText(request: RequestSummary): string {
  const { id, method, path, statusCode, client, api, sessionId, modelAsked, modelUsed, backend, error } =
    request;
  return [
    id,
    method,
    path,
    statusCode,
    client,
    api,
    sessionId,
    modelAsked,
    modelUsed,
    backend,
    error?.kind,
    error?.message,
  ]
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase();
}
