/** The value below which the given part of the sample lies. */
export function quantile(sample: readonly number[], part: number): number {
  const sorted = [...sample].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5);

/** The straight line nearest to the points; `fit` is 1 when they lie on it (the coefficient of determination). */
export function straightLine(points: readonly (readonly [x: number, y: number])[]): {
  slope: number;
  offset: number;
  fit: number;
} {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const covariance = mean(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  const slope = covariance / mean(points.map(([x]) => (x - meanX) ** 2));
  const offset = meanY - slope * meanX;
  const residual = mean(points.map(([x, y]) => (y - offset - slope * x) ** 2));
  return { slope, offset, fit: 1 - residual / mean(points.map(([, y]) => (y - meanY) ** 2)) };
}

/** Runs each of the named measurements `times` times, in turn, so that a slow minute of the machine strikes them all. */
export async function interleaved<Name extends string, Sample>(
  times: number,
  measurements: Readonly<Record<Name, () => Promise<Sample>>>,
): Promise<Record<Name, Sample[]>> {
  const names = Object.keys(measurements) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Sample[]>;
  for (let time = 0; time < times; time++) {
    for (const name of names) samples[name].push(await measurements[name]());
  }
  return samples;
}

/** The record with each value changed. */
export function mapValues<Name extends string, Value, Result>(
  record: Readonly<Record<Name, Value>>,
  map: (value: Value, name: Name) => Result,
): Record<Name, Result> {
  const entries = Object.entries(record) as [Name, Value][];
  return Object.fromEntries(entries.map(([name, value]) => [name, map(value, name)])) as Record<Name, Result>;
}
