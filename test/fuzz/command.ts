import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { keepMeasurement } from '../reliability/measurement.ts';
import { Coverage } from './coverage.ts';
import { type FuzzResult, type FuzzRow, fuzz } from './fuzz.ts';
import { parsers } from './parsers/parsers.ts';
import { Watchdog } from './watchdog.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    parser: { type: 'string', multiple: true },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    coverage: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const chosen = parsers.filter(({ name }) => values.parser?.includes(name) ?? true);
if (chosen.length === 0) {
  console.error(`There is no such parser. There are: ${parsers.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const watchdog = new Watchdog();
const coverage = values.coverage ? new Coverage() : undefined;
const eachMs = (Number(values.seconds) * 1_000) / chosen.length;
const rows: FuzzRow[] = [];
console.log(`seed ${seed}`);
for (const parser of chosen) {
  const until = performance.now() + eachMs;
  rows.push(
    await fuzz(parser, {
      seed,
      goesOn: () => performance.now() < until,
      watchdog,
      ...(coverage && { coverage }),
      saves: values.save,
      report: (failure) => console.error(`\nFAILED  ${failure}\n`),
    }),
  );
}
coverage?.stop();
await watchdog.end();

const widths = [28, 9, 9, 9, 9];
const line = (cells: readonly (string | number)[]) =>
  console.log(
    cells
      .map((cell, at) => (at === 0 ? String(cell).padEnd(28) : String(cell).padStart(widths[at] ?? 9)))
      .join(''),
  );
line(['parser', 'tried', 'passed', 'failed', 'corpus']);
for (const { parser, tried, passed, failed, corpus } of rows) line([parser, tried, passed, failed, corpus]);

if (values.parser === undefined) {
  const measured: FuzzResult = { seconds: Number(values.seconds), seed, rows };
  keepMeasurement('fuzz', measured);
}
process.exitCode = rows.some(({ failed }) => failed > 0) ? 1 : 0;
