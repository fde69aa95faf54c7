import { parseArgs } from 'node:util';
import { keepMeasurement } from '../reliability/measurement.ts';
import { runSoak } from './soak.ts';
import { soakTable } from './soak-table.ts';

// npm run test:soak [-- --minutes N] [--quick] [--seed N] [--clients N]: prints a table; exits with 1 when anything failed or leaked.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    clients: { type: 'string', default: '64' },
  },
});
const minutes = values.quick ? 0.5 : Number(values.minutes);
console.log(`seed ${values.seed}: repeat with --seed ${values.seed}`);
const result = await runSoak({ seed: Number(values.seed), minutes, clients: Number(values.clients) });
if (!values.quick) keepMeasurement('soak', result);
console.log(soakTable(result).join('\n'));
for (const problem of result.problems) console.log(`FAILED   ${problem}`);
process.exitCode = result.problems.length === 0 ? 0 : 1;
