import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSoak } from './soak.ts';
import { soakTable } from './soak-table.ts';

test('half a minute of mixed traffic through the built program: every answer is right, nothing is left over', async (context) => {
  const seed = Math.floor(Math.random() * 1e9);
  context.diagnostic(`repeat with: npm run test:soak -- --quick --seed ${seed}`);
  const result = await runSoak({ seed, minutes: 0.5, clients: 64 });
  for (const line of soakTable(result)) context.diagnostic(line);
  assert.deepEqual(result.problems, []);
  assert.ok(result.rightAnswers > 0);
});
