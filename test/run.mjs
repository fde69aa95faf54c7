// Runs every check and test, and ends with one line that counts them: `N passed, N failed, N skipped`.
//   node test/run.mjs [unit] [bench] [deploy] [clients] [vscode] [checks]   just those; all of them when none is named
//   node test/run.mjs FILE.test.ts…                just these files, in words, on what was built before
//   node test/run.mjs --print-node                the Node that the tests run on
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { cache, environment, root, runNpm, testNode } from './toolchain/node.mjs';

/** Each stage is a set of test files; those of real balancers, clients and a real VS Code take long and share the machine badly. */
const stages = {
  unit: {
    exclude: ['bench', 'deploy', 'clients', 'vscode'],
    concurrency: 2,
    timeoutMs: 120_000,
    limitMs: 20 * 60_000,
  },
  bench: { only: 'bench', concurrency: 1, timeoutMs: 300_000, limitMs: 6 * 60_000 },
  deploy: { only: 'deploy', concurrency: 1, timeoutMs: 300_000, limitMs: 10 * 60_000 },
  clients: { only: 'clients', concurrency: 1, timeoutMs: 600_000, limitMs: 22 * 60_000 },
  vscode: { only: 'vscode', concurrency: 1, timeoutMs: 600_000, limitMs: 22 * 60_000 },
};
const checks = ['check:types', 'check:style', 'check:architecture', 'check:unused', 'build'];

const total = { passed: 0, failed: 0, skipped: 0 };
const complaints = [];

function runCheck(script) {
  const { status } = runNpm(['run', '--silent', script], {
    cwd: root,
    stdio: 'inherit',
    env: environment(),
  });
  if (status === 0) total.passed++;
  else {
    total.failed++;
    complaints.push(`FAILED   npm run ${script}`);
  }
}

function runStage(name) {
  const { only, exclude = [], concurrency, timeoutMs, limitMs } = stages[name];
  const files = readdirSync(join(root, 'test'), { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) =>
      only === undefined ? !exclude.includes(file.split(sep)[0]) : file.split(sep)[0] === only,
    )
    .map((file) => join('test', file));
  const report = join(cache, `report-${name}.jsonl`);
  rmSync(report, { force: true });
  const { status } = spawnSync(
    testNode(),
    [
      '--test',
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${timeoutMs}`,
      '--test-reporter=dot',
      '--test-reporter-destination=stdout',
      '--test-reporter=./test/toolchain/count-reporter.mjs',
      `--test-reporter-destination=${report}`,
      ...files,
    ],
    // A test that leaves something open would otherwise keep its file, and the run, from ever ending.
    { cwd: root, stdio: 'inherit', env: environment(), timeout: limitMs },
  );
  console.log('');
  const lines = existsSync(report) ? readFileSync(report, 'utf8').split('\n') : [];
  // A line that was being written when the run was cut off is none.
  const results = lines.slice(0, -1).map((line) => JSON.parse(line));
  let failed = 0;
  for (const { outcome, complaint } of results) {
    if (outcome === undefined) continue;
    total[outcome]++;
    if (outcome === 'failed') failed++;
    if (complaint !== undefined) complaints.push(complaint);
  }
  if (results.length < 2 || results.at(-1)?.ended !== true) {
    total.failed++;
    complaints.push(`FAILED   the ${name} tests did not run to their end in ${limitMs / 60_000} minutes`);
  } else if (status !== 0 && failed === 0) {
    total.failed++;
    complaints.push(`FAILED   the ${name} tests exited with ${status}`);
  }
}

if (process.argv[2] === '--print-node') {
  console.log(testNode());
} else if (process.argv[2]?.endsWith('.test.ts')) {
  const { status } = spawnSync(testNode(), ['--test', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: environment(),
  });
  process.exitCode = status ?? 1;
} else {
  const named = process.argv.slice(2);
  const wanted = (name) => named.length === 0 || named.includes(name);
  mkdirSync(cache, { recursive: true });
  if (wanted('checks')) for (const script of checks) runCheck(script);
  // What they run is the build: on their own, they begin with it.
  else runCheck('build');
  for (const name of Object.keys(stages)) if (wanted(name)) runStage(name);
  if (complaints.length > 0) console.log(`\n${complaints.join('\n')}\n`);
  const summary = `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`;
  writeFileSync(join(cache, 'test-summary'), `${summary}\n`);
  console.log(summary);
  process.exitCode = total.failed === 0 ? 0 : 1;
}
