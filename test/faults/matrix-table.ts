import type { Matrix } from './matrix.ts';

/** A matrix as lines of a table in plain text, its sum last. */
export function matrixTable({ target, rows }: Matrix): string[] {
  const sum = (key: 'tried' | 'passed' | 'leaked') => rows.reduce((total, row) => total + row[key], 0);
  const all = { fault: 'all', tried: sum('tried'), passed: sum('passed'), leaked: sum('leaked') };
  const width = Math.max(target.length, ...rows.map(({ fault }) => fault.length));
  const line = (first: string, ...rest: readonly (string | number)[]) =>
    first.padEnd(width) + rest.map((cell) => String(cell).padStart(8)).join('');
  return [
    line(target, 'tried', 'passed', 'leaked'),
    ...[...rows, all].map(({ fault, tried, passed, leaked }) => line(fault, tried, passed, leaked)),
  ];
}
