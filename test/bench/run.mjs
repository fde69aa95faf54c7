// Measures the built product against two floors: the simulated upstream reached directly, and the least that a proxy in Node
// has to do. All in one run and in turn, so that the ratios hold whatever else the machine does.
//   npm run bench                          some minutes; writes docs/benchmarks.md and docs/benchmarks.json
//   npm run bench -- --only throughput     one part alone, printed (parts: see benchmark.ts)
//   npm run bench -- --quick               less of everything, to see that it runs; prints, writes nothing
//   npm run bench -- --output FOLDER       writes its page and JSON there instead, also when it is quick
// The measuring is TypeScript, so it runs on the tests' Node; the product and the pass-through run on the machine's own.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { environment, testNode } from '../toolchain/node.mjs';

const script = fileURLToPath(new URL('benchmark.ts', import.meta.url));
const { status } = spawnSync(testNode(), [script, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: environment(),
});
process.exitCode = status ?? 1;
