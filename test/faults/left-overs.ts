import { readdirSync } from 'node:fs';
import { until } from '../end-to-end/running-proxy.ts';

/** Finds sockets, timers and whatever else keeps this process busy that were not there at the beginning, and temporary files. */
export class LeftOvers {
  readonly #before = activeResources();
  readonly #folder: string;
  readonly #spare: number;

  /** `folder`: where temporary files are made. `pools`: how many connection pools there are, each of which may keep one more connection with its timer. */
  constructor(folder: string, pools: number) {
    this.#folder = folder;
    this.#spare = pools;
  }

  /** What there is too much of, once it has had time to go; each as `kind: before, now`. */
  async find(): Promise<readonly string[]> {
    await until(() => this.#tooMany().length === 0, 'nothing is left over').catch(() => undefined);
    return this.#tooMany();
  }

  #tooMany(): string[] {
    const resources = [...activeResources()].flatMap(([kind, count]) => {
      const before = this.#before.get(kind) ?? 0;
      // Both ends of a connection are in this process.
      const spare = /TCP|Pipe|Timeout/.test(kind) ? 2 * this.#spare : 0;
      return count > before + spare ? [`${kind}: ${before} before, ${count} now`] : [];
    });
    return [...resources, ...readdirSync(this.#folder)];
  }
}

function activeResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
