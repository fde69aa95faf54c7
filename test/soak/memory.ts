import type { Sample } from './proxy-under-soak.ts';

/** What a row of samples says of a process. */
export interface Memory {
  readonly samples: number;
  readonly minutes: number;
  readonly firstHeap: number;
  readonly lastHeap: number;
  readonly mostHeap: number;
  readonly mostResident: number;
  readonly mostDescriptors: number;
  /** Bytes a minute: the slope of the straight line through the second half of the heap's samples. */
  readonly heapGrowth: number;
}

export function measureMemory(samples: readonly Sample[]): Memory {
  const most = (key: keyof Sample) => Math.max(0, ...samples.map((sample) => sample[key]));
  const settled = samples.slice(Math.floor(samples.length / 2));
  return {
    samples: samples.length,
    minutes: ((samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0)) / 60_000,
    firstHeap: samples[0]?.heapBytes ?? 0,
    lastHeap: samples.at(-1)?.heapBytes ?? 0,
    mostHeap: most('heapBytes'),
    mostResident: most('residentBytes'),
    mostDescriptors: most('descriptors'),
    heapGrowth: slope(settled.map(({ at, heapBytes }) => [at / 60_000, heapBytes])),
  };
}

/** The slope of the straight line that fits the points best. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (index: 0 | 1) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
