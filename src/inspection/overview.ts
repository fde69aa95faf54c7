import type { DurationHistogram } from '../recording/duration-histogram.ts';
import type { UsageHistory } from '../recording/usage-history.ts';
import type { UsageSums } from '../recording/usage-slot.ts';
import type { Overview, OverviewGroup, OverviewRange, Percentiles } from '../shared/inspector-calls.ts';

/** Sums over a time that ends now. Percentiles are off by 5 % at most; average and maximum are exact. */
export function overview(history: UsageHistory, range: OverviewRange): Overview {
  const slices = history.slices(range);
  const total = history.total(slices);
  return {
    range,
    ...total.sums,
    estimated: total.isEstimated,
    byModel: groups(total.byModel),
    byClient: groups(total.byClient),
    latencyMs: percentiles(total.latency),
    firstTokenMs: percentiles(total.firstToken),
    slices: slices.map(({ startMs, slot }) => ({ time: new Date(startMs).toISOString(), ...slot.sums })),
  };
}

/** The busiest first. */
function groups(sums: ReadonlyMap<string, UsageSums>): OverviewGroup[] {
  return Array.from(sums, ([name, each]) => ({ name, ...each })).sort(
    (one, other) => other.requests - one.requests || one.name.localeCompare(other.name),
  );
}

function percentiles(durations: DurationHistogram): Percentiles {
  return {
    average: rounded(durations.average),
    p50: rounded(durations.percentile(0.5)),
    p95: rounded(durations.percentile(0.95)),
    max: rounded(durations.max),
  };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 10) / 10;
}
