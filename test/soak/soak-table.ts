import type { SoakResult } from './soak.ts';

/** What a soak came to, as lines of plain text. */
export function soakTable(result: SoakResult): string[] {
  const { rows, requests, rightAnswers, restarts, memory, backpressure } = result;
  const width = Math.max(...Object.keys(rows).map((name) => name.length));
  const line = (first: string, ...rest: readonly (string | number)[]) =>
    first.padEnd(width) + rest.map((cell) => String(cell).padStart(9)).join('');
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return [
    line('', 'tried', 'passed', 'leaked'),
    ...Object.entries(rows)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, { tried, passed, leaked }]) => line(name, tried, passed, leaked)),
    '',
    `${requests} requests, ${rightAnswers} answers read to their end and right; restarts: ${restarts.proxies} of proxies, ${restarts.runtime} of the runtime; ${restarts.login} new logins`,
    ...Object.entries(memory).map(
      ([name, { samples, minutes, firstHeap, lastHeap, heapGrowth, mostResident, mostDescriptors }]) =>
        `${name}: heap ${megabytes(firstHeap)} → ${megabytes(lastHeap)} MB in ${minutes.toFixed(1)} min (${samples} samples), ${megabytes(heapGrowth)} MB a minute in the second half; at most ${megabytes(mostResident)} MB resident, ${mostDescriptors} descriptors`,
    ),
    ...backpressure.map(
      ({ backend, api, given, heapGrowth }) =>
        `${backend}, ${api}: a client that reads nothing: upstream gave ${megabytes(given)} M characters, the heap grew by ${megabytes(heapGrowth)} MB`,
    ),
  ];
}
