import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepMeasurement } from '../reliability/measurement.ts';
import { runMatrix, targets } from './matrix.ts';
import { matrixTable } from './matrix-table.ts';

/** One target's matrix as a test, whose figures are kept for docs/reliability.md. */
export function testMatrix(name: keyof typeof targets): void {
  const target = targets[name];
  test(`${target.name}: whatever goes wrong, in every way to ask, the client gets a whole answer or a proper error, nothing is left over, and the next request works`, async (context) => {
    const matrix = await runMatrix(target);
    keepMeasurement(`faults-${name}`, matrix);
    for (const line of matrixTable(matrix)) context.diagnostic(line);
    assert.deepEqual(matrix.problems, []);
    assert.ok(
      matrix.rows.every(({ tried, passed, leaked }) => tried > 0 && passed === tried && leaked === 0),
    );
  });
}
