import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { type SuiteResults, suiteResults } from './in-host/suite-results.ts';

const root = join(import.meta.dirname, '..', '..');

export interface BundledSuite {
  /** The file that an extension host is to run. */
  readonly entry: string;
  /** What the suite left behind; undefined when it did not come to its end. */
  readonly readResults: () => SuiteResults | undefined;
}

/** Makes `in-host/<name>.suite.ts` and what runs it CommonJS, as an extension host loads it. Results of former runs are gone then. */
export async function bundleSuite(name: string): Promise<BundledSuite> {
  const outdir = join(root, '.cache', 'vscode-suites', basename(name));
  const resultsFile = join(outdir, 'results.json');
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const inHost = join(import.meta.dirname, 'in-host');
  await build({
    entryPoints: { index: join(inHost, 'run-mocha.ts'), suite: join(inHost, `${name}.suite.ts`) },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    define: {
      SUITE_FILE: JSON.stringify(join(outdir, 'suite.cjs')),
      RESULTS_FILE: JSON.stringify(resultsFile),
    },
    logLevel: 'warning',
  });
  return {
    entry: join(outdir, 'index.cjs'),
    readResults: () =>
      existsSync(resultsFile) ? suiteResults.parse(JSON.parse(readFileSync(resultsFile, 'utf8'))) : undefined,
  };
}
