import type { ResponseStore, StoredResponse } from '../protocols/openai-responses/response-store.ts';

/** Bounds of the memory of earlier answers. Sizes are estimates of bytes. */
export interface ResponseStoreLimits {
  readonly responses: number;
  readonly conversationBytes: number;
  readonly items: number;
  readonly itemBytes: number;
}

/** The limits that share so many bytes. */
export function responseStoreLimits(bytes: number): ResponseStoreLimits {
  return { responses: 500, conversationBytes: (bytes * 2) / 3, items: 20_000, itemBytes: bytes / 3 };
}

/**
 * Keeps the latest answers in memory, the least recently used leaving first. Conversations and single items are bounded
 * apart: a client that sends large images again with each turn must not lose the small items it refers to.
 */
export function createResponseStore(limits: ResponseStoreLimits): ResponseStore {
  const { responses, conversationBytes, items, itemBytes } = limits;
  const conversations = new RecentlyUsed<readonly unknown[]>(responses, conversationBytes);
  const singles = new RecentlyUsed<unknown>(items, itemBytes);
  return {
    conversation: (responseId) => conversations.get(responseId),
    item: (itemId) => singles.get(itemId),
    save({ id, conversation, output }: StoredResponse) {
      conversations.set(id, conversation, estimateBytes(conversation));
      for (const item of output) singles.set(item.id, item, estimateBytes(item));
    },
  };
}

interface Entry<Value> {
  readonly value: Value;
  readonly bytes: number;
}

/** A map bounded by count and bytes. A `Map` keeps the order of insertion, so that its first key is the least recent. */
class RecentlyUsed<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #maximumCount: number;
  readonly #maximumBytes: number;
  #bytes = 0;

  constructor(maximumCount: number, maximumBytes: number) {
    this.#maximumCount = maximumCount;
    this.#maximumBytes = maximumBytes;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** What is larger than all the room there is is not kept at all. */
  set(key: string, value: Value, bytes: number): void {
    this.#delete(key);
    if (bytes > this.#maximumBytes) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maximumCount && this.#bytes <= this.#maximumBytes) return;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}

const bytesPerValue = 16;

/**
 * How much memory a JSON value takes, roughly. Strings are not looked into, so that megabytes of them cost nothing; nesting
 * is followed without recursion, as a client decides how deep it goes.
 */
function estimateBytes(json: unknown): number {
  let bytes = 0;
  const pending: unknown[] = [json];
  while (pending.length > 0) {
    const value = pending.pop();
    bytes += bytesPerValue;
    if (typeof value === 'string') bytes += value.length;
    else if (typeof value === 'object' && value !== null) {
      for (const [key, nested] of Object.entries(value)) {
        bytes += key.length;
        pending.push(nested);
      }
    }
  }
  return bytes;
}
