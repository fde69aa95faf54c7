import type { Goal } from './sections/section.ts';
import { digits, table } from './table.ts';

/** What should be how good, and whether it is. */
export function goalsTable(goals: readonly Goal[]): string {
  const rows = goals.map(({ what, value, unit, limit, sense }) => {
    const isMet = sense === 'at most' ? value <= limit : value >= limit;
    return [
      what,
      `${sense} ${limit} ${unit}`,
      `${digits(value, value < 10 ? 2 : 0)} ${unit}`,
      isMet ? 'yes' : '**no**',
    ];
  });
  return `## Goals

${table(['what', 'goal', 'measured', 'met'], rows)}`;
}
