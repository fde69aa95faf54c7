import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', '.cache', 'reliability');

/** Keeps what a run measured, for docs/reliability.md. */
export function keepMeasurement(name: string, value: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(value, undefined, 2)}\n`);
}

/** What the last run of that name measured. Throws when there was none. */
export function readMeasurement<Measured>(name: string): Measured {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Measured;
}
