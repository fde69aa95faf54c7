// Runs a TypeScript file of the tests on the Node that they need: node test/toolchain/run-script.mjs FILE [ARGUMENTS…]
import { spawnSync } from 'node:child_process';
import { environment, testNode } from './node.mjs';

const { status } = spawnSync(testNode(), process.argv.slice(2), { stdio: 'inherit', env: environment() });
process.exitCode = status ?? 1;
