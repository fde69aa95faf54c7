import type { RequestSummary } from '../shared/requests.ts';

/** What the requests of one day came to. */
export interface Usage {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Some of the tokens were counted by this program and not by upstream. */
  readonly isEstimate: boolean;
}

/** Where the day's sum is kept, as VS Code's `Memento` does. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): unknown;
}

const key = 'usageToday';
const nothing: Usage = { requests: 0, inputTokens: 0, outputTokens: 0, isEstimate: false };

/** Sums up the turns that ended today, in local time, across restarts of the proxy and of the editor. */
export class UsageToday {
  readonly #memory: Memory;
  readonly #now: () => Date;
  #day: string;
  #usage: Usage;
  /** When the last request ended that counts. Unix milliseconds. */
  #until: number;

  constructor(memory: Memory, now: () => Date = () => new Date()) {
    this.#memory = memory;
    this.#now = now;
    this.#day = dayOf(now());
    const kept = memory.get(key);
    this.#usage = read(kept, this.#day);
    this.#until = readUntil(kept);
  }

  get usage(): Usage {
    const today = dayOf(this.#now());
    if (today !== this.#day) {
      this.#day = today;
      this.#usage = nothing;
    }
    return this.#usage;
  }

  /** Adds a request that has ended. Those that no model was asked for do not count. */
  add(request: RequestSummary): void {
    if (request.modelAsked === undefined) return;
    const { requests, inputTokens, outputTokens, isEstimate } = this.usage;
    this.#usage = {
      requests: requests + 1,
      inputTokens: inputTokens + (request.inputTokens ?? 0),
      outputTokens: outputTokens + (request.outputTokens ?? 0),
      isEstimate: isEstimate || request.usageSource === 'estimate',
    };
    this.#until = Math.max(this.#until, endOf(request));
    this.#memory.update(key, { day: this.#day, ...this.#usage, until: this.#until });
  }

  /** Adds what has ended today since the last one that counts: a proxy that keeps running answers when no window is there to count. */
  catchUp(requests: readonly RequestSummary[]): void {
    const since = this.#until;
    const today = dayOf(this.#now());
    for (const request of requests) {
      const end = endOf(request);
      if (request.state !== 'running' && end > since && dayOf(new Date(end)) === today) this.add(request);
    }
  }
}

function endOf({ time, durationMs }: RequestSummary): number {
  return Date.parse(time) + durationMs;
}

function readUntil(kept: unknown): number {
  const until: unknown = typeof kept === 'object' && kept !== null ? Reflect.get(kept, 'until') : undefined;
  return typeof until === 'number' ? until : 0;
}

/** `2026-4-30`, in local time. */
function dayOf(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].join('-');
}

function read(kept: unknown, day: string): Usage {
  if (typeof kept !== 'object' || kept === null || Reflect.get(kept, 'day') !== day) return nothing;
  const count = (name: keyof Usage) => {
    const value: unknown = Reflect.get(kept, name);
    return typeof value === 'number' && value >= 0 ? value : 0;
  };
  return {
    requests: count('requests'),
    inputTokens: count('inputTokens'),
    outputTokens: count('outputTokens'),
    isEstimate: Reflect.get(kept, 'isEstimate') === true,
  };
}
