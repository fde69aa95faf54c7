/** The value below which the given part of the sample lies. */
export function quantile(sample, part) {
  const sorted = [...sample].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

export const median = (sample) => quantile(sample, 0.5);

/** Runs each of the named measurements `times` times, in turn, so that a slow minute of the machine strikes them all. */
export async function interleaved(times, measurements) {
  const samples = Object.fromEntries(Object.keys(measurements).map((name) => [name, []]));
  for (let time = 0; time < times; time++) {
    for (const [name, measure] of Object.entries(measurements)) samples[name].push(await measure());
  }
  return samples;
}
