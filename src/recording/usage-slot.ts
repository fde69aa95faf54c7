import * as z from 'zod';
import { onDemand } from '../core/on-demand.ts';
import type { RequestSummary } from '../shared/requests.ts';
import { DurationHistogram } from './duration-histogram.ts';

/** What some requests came to. */
export interface UsageSums {
  requests: number;
  errors: number;
  inputTokens: number;
  outputTokens: number;
}

/** Names that are told apart in a slot; clients choose them, and they must not fill the memory. */
const mostNames = 50;
/** Stands for all names beyond. */
const otherNames = 'other';

const storedSchema = onDemand(() => {
  const count = z.number().min(0);
  const sums = z.object({ requests: count, errors: count, inputTokens: count, outputTokens: count });
  return z.object({
    sums,
    isEstimated: z.boolean(),
    byModel: z.record(z.string(), sums),
    byClient: z.record(z.string(), sums),
    latency: z.unknown(),
    firstToken: z.unknown(),
  });
});

/** The sums of a stretch of time. */
export class UsageSlot {
  readonly sums: UsageSums = { requests: 0, errors: 0, inputTokens: 0, outputTokens: 0 };
  readonly byModel = new Map<string, UsageSums>();
  readonly byClient = new Map<string, UsageSums>();
  latency = new DurationHistogram();
  firstToken = new DurationHistogram();
  /** A part of the tokens was not counted by upstream. */
  isEstimated = false;

  /** Undefined for what is no stored slot. */
  static from(stored: unknown): UsageSlot | undefined {
    const { success, data } = storedSchema().safeParse(stored);
    if (!success) return undefined;
    const slot = new UsageSlot();
    addSums(slot.sums, data.sums);
    for (const [name, sums] of Object.entries(data.byModel)) slot.byModel.set(name, sums);
    for (const [name, sums] of Object.entries(data.byClient)) slot.byClient.set(name, sums);
    slot.latency = DurationHistogram.from(data.latency);
    slot.firstToken = DurationHistogram.from(data.firstToken);
    slot.isEstimated = data.isEstimated;
    return slot;
  }

  /** Adds a request that has ended. How long it took counts only where it was answered. */
  add(request: RequestSummary): void {
    const sums = {
      requests: 1,
      errors: request.state === 'failed' ? 1 : 0,
      inputTokens: request.inputTokens ?? 0,
      outputTokens: request.outputTokens ?? 0,
    };
    addSums(this.sums, sums);
    addSums(sumsOf(this.byModel, request.modelUsed || request.modelAsked || ''), sums);
    addSums(sumsOf(this.byClient, request.client), sums);
    if (request.usageSource === 'estimate') this.isEstimated = true;
    if (request.state !== 'done') return;
    this.latency.add(request.durationMs);
    if (request.firstTokenMs !== undefined) this.firstToken.add(request.firstTokenMs);
  }

  addAll(other: UsageSlot): void {
    addSums(this.sums, other.sums);
    for (const [name, sums] of other.byModel) addSums(sumsOf(this.byModel, name), sums);
    for (const [name, sums] of other.byClient) addSums(sumsOf(this.byClient, name), sums);
    this.latency.addAll(other.latency);
    this.firstToken.addAll(other.firstToken);
    this.isEstimated ||= other.isEstimated;
  }

  toJSON(): z.infer<ReturnType<typeof storedSchema>> {
    const { sums, byModel, byClient, latency, firstToken, isEstimated } = this;
    return {
      sums,
      isEstimated,
      byModel: Object.fromEntries(byModel),
      byClient: Object.fromEntries(byClient),
      latency,
      firstToken,
    };
  }
}

function sumsOf(groups: Map<string, UsageSums>, name: string): UsageSums {
  const known = groups.get(name);
  if (known) return known;
  const key = groups.size < mostNames ? name : otherNames;
  const sums = groups.get(key) ?? { requests: 0, errors: 0, inputTokens: 0, outputTokens: 0 };
  groups.set(key, sums);
  return sums;
}

function addSums(to: UsageSums, from: UsageSums): void {
  to.requests += from.requests;
  to.errors += from.errors;
  to.inputTokens += from.inputTokens;
  to.outputTokens += from.outputTokens;
}
