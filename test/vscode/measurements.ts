import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Measurement } from './in-host/suite-results.ts';

const folder = join(import.meta.dirname, '..', '..', '.cache', 'measurements');

/** Prints a number and keeps it in `.cache/measurements`. Nothing depends on it: machines differ. */
export function recordMeasurement(context: TestContext, measurement: Measurement): void {
  const { name, value, unit } = measurement;
  context.diagnostic(`${name}: ${value} ${unit}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name.replaceAll(' ', '-')}.json`), JSON.stringify(measurement));
}
