import * as z from 'zod';
import { onDemand } from '../core/on-demand.ts';
import type { OverviewRange } from '../shared/inspector-calls.ts';
import type { RequestSummary } from '../shared/requests.ts';
import { UsageSlot } from './usage-slot.ts';

const minute = 60_000;

/** How finely each range is cut. The last slice is the one that has only begun. */
const slices: Readonly<Record<OverviewRange, { readonly ms: number; readonly count: number }>> = {
  hour: { ms: minute, count: 60 },
  day: { ms: 15 * minute, count: 96 },
  week: { ms: 60 * minute, count: 168 },
};

const ranges = ['hour', 'day', 'week'] as const satisfies readonly OverviewRange[];

const storedSchema = onDemand(() =>
  z.object({
    version: z.literal(1),
    slots: z.record(z.enum(ranges), z.array(z.tuple([z.int(), z.unknown()]))),
  }),
);

/**
 * What the requests of the last week came to, apart from their records, which go long before. Each request counts in a slot of each
 * range; there are as many slots as a range shows, so that the size is bounded whatever happens.
 */
export class UsageHistory {
  readonly #now: () => number;
  /** By the number of the slice, counted from 1970. */
  readonly #slots: Readonly<Record<OverviewRange, Map<number, UsageSlot>>> = {
    hour: new Map(),
    day: new Map(),
    week: new Map(),
  };

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Adds a request that has ended. Only those count that a model was asked for, and those that failed before. */
  add(request: RequestSummary): void {
    const [path = ''] = request.path.split('?', 1);
    if (path.endsWith('/count_tokens')) return;
    if (request.modelAsked === undefined && request.state !== 'failed') return;
    for (const range of ranges) this.#slotAt(range, this.#now()).add(request);
  }

  /** The slices of a range that ends now, oldest first, each with the milliseconds since 1970 at which it begins. */
  slices(range: OverviewRange): { readonly startMs: number; readonly slot: UsageSlot }[] {
    const { ms, count } = slices[range];
    const last = Math.floor(this.#now() / ms);
    return Array.from({ length: count }, (_, index) => {
      const number = last - count + 1 + index;
      return { startMs: number * ms, slot: this.#slots[range].get(number) ?? new UsageSlot() };
    });
  }

  /** All of some slices in one. Made here, as a slot of another bundle's class could not read these. */
  total(parts: readonly { readonly slot: UsageSlot }[]): UsageSlot {
    const total = new UsageSlot();
    for (const { slot } of parts) total.addAll(slot);
    return total;
  }

  toJSON(): z.infer<ReturnType<typeof storedSchema>> {
    const { hour, day, week } = this.#slots;
    return { version: 1, slots: { hour: [...hour], day: [...day], week: [...week] } };
  }

  /** Adds what an earlier run has stored. What is no such thing is passed over. */
  restore(stored: unknown): void {
    const { success, data } = storedSchema().safeParse(stored);
    if (!success) return;
    for (const range of ranges) {
      for (const [number, value] of data.slots[range]) {
        const slot = UsageSlot.from(value);
        if (slot && this.#isWithin(range, number)) this.#slot(range, number).addAll(slot);
      }
    }
  }

  #slotAt(range: OverviewRange, ms: number): UsageSlot {
    return this.#slot(range, Math.floor(ms / slices[range].ms));
  }

  #slot(range: OverviewRange, number: number): UsageSlot {
    const slots = this.#slots[range];
    const known = slots.get(number);
    if (known) return known;
    for (const old of slots.keys()) if (!this.#isWithin(range, old)) slots.delete(old);
    const slot = new UsageSlot();
    slots.set(number, slot);
    return slot;
  }

  #isWithin(range: OverviewRange, number: number): boolean {
    const { ms, count } = slices[range];
    const last = Math.floor(this.#now() / ms);
    return number > last - count && number <= last;
  }
}
