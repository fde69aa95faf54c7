import type { Goal } from './sections/section.ts';
import { digits, table } from './table.ts';

/** What should be how good, and whether it is; where it is not, why. */
export function goalsTable(goals: readonly Goal[]): string {
  const rows = goals.map((goal) => {
    const { what, value, unit, limit, sense } = goal;
    return [
      what,
      `${sense} ${limit} ${unit}`,
      `${digits(value, value < 10 ? 2 : 0)} ${unit}`,
      isMet(goal) ? 'yes' : '**no**',
    ];
  });
  const reasons = new Set(goals.filter((goal) => !isMet(goal)).flatMap(({ why }) => why ?? []));
  return [
    '## Goals',
    table(['what', 'goal', 'measured', 'met'], rows),
    ...(reasons.size > 0 ? ['Why goals are missed:', [...reasons].map((why) => `- ${why}`).join('\n')] : []),
  ].join('\n\n');
}

function isMet({ value, limit, sense }: Goal): boolean {
  return sense === 'at most' ? value <= limit : value >= limit;
}
