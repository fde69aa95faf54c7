import { keepMeasurement } from '../reliability/measurement.ts';
import { runMatrix, targets } from './matrix.ts';
import { matrixTable } from './matrix-table.ts';

// npm run test:faults [-- remote|websocket|pipe …]: prints a table a target; exits with 1 when anything failed or was left over.
const named = process.argv.slice(2);
let failed = false;
for (const [name, target] of Object.entries(targets)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const matrix = await runMatrix(target);
  keepMeasurement(`faults-${name}`, matrix);
  console.log(matrixTable(matrix).join('\n'));
  for (const problem of matrix.problems) console.log(`FAILED   ${problem}`);
  console.log('');
  failed ||= matrix.problems.length > 0;
}
process.exitCode = failed ? 1 : 0;
