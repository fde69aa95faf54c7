import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measurement } from '../../vscode/in-host/suite-results.ts';
import { digits, table } from '../table.ts';
import type { Goal, Section } from './section.ts';

/** By the name of a measurement. */
const limits: Readonly<Record<string, number>> = {
  activation: 20,
  'memory added by the running proxy': 25,
  'takeover between windows, time without an answer': 2_000,
};

const reasons: Readonly<Record<string, string>> = {
  activation:
    'Activation: the middle of five starts as VS Code counts them, from the reading of the file, on two processors that a browser, a server and the editor itself share. Of 18 to 62 ms that it counted (2026-11-27), the code of the extension ran 8 to 17: 2 to 5 until it was loaded, 5 to 15 in `activate`. With an editor of stubs and nothing else to do, both take 9 ms.',
  'memory added by the running proxy':
    'Memory added in the editor: the test asks the proxy from within the same process, and what its questions take counts. In a process of Node 24 that had loaded what an editor has, the proxy added 10 MB until it listened, and 23 MB with its models known.',
};

/** What the tests measured in a real extension host (test/vscode/measurements.ts); empty where they have not run. */
export const editorHost: Section<readonly Measurement[]> = {
  name: 'editorHost',
  measure() {
    const folder = join(import.meta.dirname, '..', '..', '..', '.cache', 'measurements');
    const result: Measurement[] = existsSync(folder)
      ? readdirSync(folder)
          .sort()
          .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
      : [];
    const goals = result.flatMap(({ name, value, unit }): Goal[] => {
      const limit = limits[name];
      if (limit === undefined) return [];
      const why = reasons[name];
      return [{ what: name, value, unit, limit, sense: 'at most', ...(why === undefined ? {} : { why }) }];
    });
    return Promise.resolve({ result, text: describe(result), goals });
  },
};

function describe(measurements: readonly Measurement[]): string {
  return `## In VS Code

Measured by the tests in a real extension host, when they last ran here.

${
  measurements.length === 0
    ? 'They have not run here: `node test/run.mjs vscode`.'
    : table(
        ['', ''],
        measurements.map(({ name, value, unit }) => [name, `${digits(value, value < 10 ? 1 : 0)} ${unit}`]),
      )
}`;
}
