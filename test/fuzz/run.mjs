// Fuzzes every parser of the program: inputs made of those in corpus/, and what has to hold for each of them.
//   npm run test:fuzz                          about a minute, a table at the end
//   npm run test:fuzz -- --seconds 600         longer; divided among the parsers
//   npm run test:fuzz -- --parser action-blocks
//   npm run test:fuzz -- --seed 7              the same inputs again (without --coverage)
//   npm run test:fuzz -- --coverage --save     keeps inputs that reach new code, and those that fail, in corpus/
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { environment, testNode } from '../toolchain/node.mjs';

const script = fileURLToPath(new URL('command.ts', import.meta.url));
// What needs more memory than this for inputs of some kilobytes is a failure.
const { status } = spawnSync(testNode(), ['--max-old-space-size=768', script, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: environment(),
});
process.exitCode = status ?? 1;
