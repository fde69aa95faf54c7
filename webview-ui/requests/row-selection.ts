import type { Row } from './request-rows.ts';

/** Which lines are selected. The active one is where the keyboard is; ranges go from the anchor to it. All by the lines' keys. */
export interface RowSelection {
  readonly active: string | undefined;
  readonly anchor: string | undefined;
  /** Requests only. */
  readonly selected: ReadonlySet<string>;
}

export const noSelection: RowSelection = { active: undefined, anchor: undefined, selected: new Set() };

/** `only`: this line and no other. `toggle`: this line as well, or no more. `range`: all from the anchor to this line. */
export type SelectionMode = 'only' | 'toggle' | 'range';

/** What a click on a line, or a move of the keyboard to it, makes of a selection. */
export function selectRow(
  selection: RowSelection,
  rows: readonly Row[],
  key: string,
  mode: SelectionMode,
): RowSelection {
  switch (mode) {
    case 'only':
      return { active: key, anchor: key, selected: new Set(requestsAmong(rows, [key])) };
    case 'toggle': {
      const selected = new Set(selection.selected);
      if (!selected.delete(key)) for (const id of requestsAmong(rows, [key])) selected.add(id);
      return { active: key, anchor: key, selected };
    }
    case 'range': {
      const anchor = selection.anchor ?? key;
      const ends = [indexOf(rows, anchor), indexOf(rows, key)].filter((index) => index >= 0);
      const range = rows.slice(Math.min(...ends), Math.max(...ends) + 1);
      const selected = new Set(range.flatMap((row) => (row.kind === 'request' ? [row.key] : [])));
      return { active: key, anchor, selected };
    }
    default:
      return mode satisfies never;
  }
}

export function selectAll(selection: RowSelection, rows: readonly Row[]): RowSelection {
  const selected = new Set(rows.flatMap((row) => (row.kind === 'request' ? [row.key] : [])));
  return { ...selection, selected };
}

/** Keeps what is still there: a line that is filtered away, closed or forgotten is selected no more. */
export function keepExisting(selection: RowSelection, rows: readonly Row[]): RowSelection {
  if (selection.active === undefined && selection.selected.size === 0) return selection;
  const keys = new Set(rows.map(({ key }) => key));
  const existing = (key: string | undefined) => (key !== undefined && keys.has(key) ? key : undefined);
  const selected = new Set([...selection.selected].filter((key) => keys.has(key)));
  const active = existing(selection.active);
  const isSame = active === selection.active && selected.size === selection.selected.size;
  return isSame ? selection : { active, anchor: existing(selection.anchor), selected };
}

function requestsAmong(rows: readonly Row[], keys: readonly string[]): string[] {
  return rows.flatMap((row) => (row.kind === 'request' && keys.includes(row.key) ? [row.key] : []));
}

function indexOf(rows: readonly Row[], key: string): number {
  return rows.findIndex((row) => row.key === key);
}
