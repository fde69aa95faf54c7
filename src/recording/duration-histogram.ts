import * as z from 'zod';
import { onDemand } from '../core/on-demand.ts';

/** Each bucket is so many times as wide as the one before: a percentile is off by 5 % at most. */
const growth = 1.1;
const shortest = 1;
const highestBucket = 200;

const storedSchema = onDemand(() =>
  z.object({
    count: z.int().min(0),
    sum: z.number().min(0),
    max: z.number().min(0),
    buckets: z.array(z.tuple([z.int().min(0).max(highestBucket), z.int().min(0)])),
  }),
);

/** Durations in milliseconds, of which only how many fell into which bucket is kept; average and longest are exact. */
export class DurationHistogram {
  #count = 0;
  #sum = 0;
  #max = 0;
  readonly #buckets = new Map<number, number>();

  static from(stored: unknown): DurationHistogram {
    const histogram = new DurationHistogram();
    const { success, data } = storedSchema().safeParse(stored);
    if (!success) return histogram;
    histogram.#count = data.count;
    histogram.#sum = data.sum;
    histogram.#max = data.max;
    for (const [bucket, count] of data.buckets) histogram.#buckets.set(bucket, count);
    return histogram;
  }

  get count(): number {
    return this.#count;
  }

  /** Undefined when nothing was measured. */
  get average(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }

  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  add(ms: number): void {
    const bucket = Math.min(
      highestBucket,
      Math.max(0, Math.round(Math.log(ms / shortest) / Math.log(growth))),
    );
    this.#count++;
    this.#sum += ms;
    this.#max = Math.max(this.#max, ms);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  addAll(other: DurationHistogram): void {
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#max = Math.max(this.#max, other.#max);
    for (const [bucket, count] of other.#buckets) {
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
    }
  }

  /** The duration that the share `quantile` of all does not exceed; undefined when nothing was measured. */
  percentile(quantile: number): number | undefined {
    let left = Math.max(1, Math.ceil(quantile * this.#count));
    for (const [bucket, count] of [...this.#buckets].sort(([one], [other]) => one - other)) {
      left -= count;
      if (left <= 0) return Math.min(this.#max, shortest * growth ** bucket);
    }
    return undefined;
  }

  toJSON(): z.infer<ReturnType<typeof storedSchema>> {
    return { count: this.#count, sum: this.#sum, max: this.#max, buckets: [...this.#buckets] };
  }
}
