// Runs a TypeScript file on the Node that the tests run on, which strips types: node test/toolchain/run.mjs FILE [ARGUMENT]...
import { spawnSync } from 'node:child_process';
import { environment, testNode } from './node.mjs';

const { status } = spawnSync(testNode(), process.argv.slice(2), { stdio: 'inherit', env: environment() });
process.exitCode = status ?? 1;
