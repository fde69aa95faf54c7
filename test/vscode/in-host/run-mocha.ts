// Runs inside an extension host: its `run` is what VS Code calls as the entry of an extension's tests. Bundled by run-suite.ts.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { measurements } from './measurements.ts';
import type { SuiteResults } from './suite-results.ts';

/** Paths, put in by the bundler. */
declare const SUITE_FILE: string;
declare const RESULTS_FILE: string;

/** Mocha's own reporters print to a terminal, and here there is none. */
class SilentReporter extends Mocha.reporters.Base {}

/** Runs the suite and writes its results when it has come to its end. Failures are in the results: they are no rejection. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 60_000 });
  mocha.addFile(SUITE_FILE);
  const tests: SuiteResults['tests'] = [];
  await new Promise<void>((resolve) => {
    const title = (test: Mocha.Runnable) => test.titlePath().join(' › ');
    mocha
      .reporter(SilentReporter)
      .run(() => resolve())
      .on('pass', (test) => tests.push({ title: title(test), state: 'passed' }))
      .on('pending', (test) => tests.push({ title: title(test), state: 'skipped' }))
      // Hooks fail here too; the tests that they stand before then never run.
      .on('fail', (test, error: unknown) => {
        const stack = error instanceof Error ? error.stack : undefined;
        tests.push({ title: title(test), state: 'failed', error: stack ?? String(error) });
      });
  });
  const results: SuiteResults = { tests, measurements: measurements() };
  writeFileSync(RESULTS_FILE, JSON.stringify(results));
}
