import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { digits, table } from '../table.ts';
import type { Goal, Section } from './section.ts';

const root = join(import.meta.dirname, '..', '..', '..');

interface Result {
  /** Kilobytes. */
  readonly bundles: Readonly<Record<string, { readonly plain: number; readonly compressed: number }>>;
  /** Megabytes. */
  readonly packages: Readonly<Record<string, number>>;
}

/** What is installed, and what of it is read when. */
export const sizes: Section<Result> = {
  name: 'sizes',
  measure() {
    const result = {
      bundles: Object.fromEntries(
        filesIn(join(root, 'dist'), /\.(?:js|css)$/).map(([name, path]) => {
          const bytes = readFileSync(path);
          return [name, { plain: bytes.length / 1e3, compressed: gzipSync(bytes).length / 1e3 }];
        }),
      ),
      packages: Object.fromEntries(
        filesIn(join(root, 'packages'), /\.vsix$/).map(([name, path]) => [name, statSync(path).size / 1e6]),
      ),
    };
    const goals = Object.entries(result.packages).map(
      ([name, value]): Goal => ({ what: name, value, unit: 'MB', limit: 12, sense: 'at most' }),
    );
    return Promise.resolve({ result, text: describe(result), goals });
  },
};

function filesIn(folder: string, wanted: RegExp): [name: string, path: string][] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names.filter((name) => wanted.test(name)).map((name) => [name, join(folder, name)]);
}

function describe({ bundles, packages }: Result): string {
  const rows = Object.entries(packages);
  return `## Sizes

${table(
  ['bundle', 'KB', 'compressed'],
  Object.entries(bundles).map(([name, { plain, compressed }]) => [
    name,
    digits(plain, 0),
    digits(compressed, 0),
  ]),
)}

${
  rows.length === 0
    ? 'The packages had not been built when this was written (`npm run package`).'
    : table(
        ['package', 'MB'],
        rows.map(([name, size]) => [name, digits(size, 1)]),
      )
}`;
}
