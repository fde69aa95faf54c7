import type { Row } from './request-rows.ts';
import type { SelectionMode } from './row-selection.ts';

/** What a key means in the list. */
export type KeyCommand =
  | { readonly type: 'select'; readonly key: string; readonly mode: SelectionMode }
  | { readonly type: 'set-open'; readonly session: string; readonly open: boolean }
  | { readonly type: 'open'; readonly row: Row }
  | { readonly type: 'select-all' | 'leave' | 'menu' };

export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** The meaning of a key, as lists and trees of VS Code have it; undefined for one that means nothing here. */
export function keyCommand(
  pressed: PressedKey,
  rows: readonly Row[],
  active: string | undefined,
  pageSize: number,
): KeyCommand | undefined {
  const index = active === undefined ? -1 : rows.findIndex(({ key }) => key === active);
  const row = rows[index];
  const withControl = pressed.ctrlKey || pressed.metaKey;
  const target = targetOf(pressed.key, index, rows.length, pageSize);
  if (target !== undefined) {
    const key = rows[target]?.key;
    return key === undefined ? undefined : { type: 'select', key, mode: pressed.shiftKey ? 'range' : 'only' };
  }
  switch (pressed.key) {
    case 'Enter':
      return row && { type: 'open', row };
    case ' ':
      return row && { type: 'select', key: row.key, mode: withControl ? 'toggle' : 'only' };
    case 'ArrowLeft':
      return row && stepOut(row, index, rows);
    case 'ArrowRight':
      if (row?.kind !== 'session') return undefined;
      return row.isOpen ? selectAt(rows, index + 1) : { type: 'set-open', session: row.session, open: true };
    case 'a':
      return withControl ? { type: 'select-all' } : undefined;
    case 'Escape':
      return { type: 'leave' };
    case 'ContextMenu':
      return { type: 'menu' };
    case 'F10':
      return pressed.shiftKey ? { type: 'menu' } : undefined;
    default:
      return undefined;
  }
}

/** Closes a session, or goes from a request to its session. */
function stepOut(row: Row, index: number, rows: readonly Row[]): KeyCommand | undefined {
  if (row.kind === 'session') {
    return row.isOpen ? { type: 'set-open', session: row.session, open: false } : undefined;
  }
  if (!row.isInSession) return undefined;
  return selectAt(
    rows,
    rows.slice(0, index).findLastIndex(({ kind }) => kind === 'session'),
  );
}

function selectAt(rows: readonly Row[], index: number): KeyCommand | undefined {
  const key = rows[index]?.key;
  return key === undefined ? undefined : { type: 'select', key, mode: 'only' };
}

function targetOf(key: string, index: number, count: number, pageSize: number): number | undefined {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'PageDown':
      return Math.min(last, Math.max(0, index) + pageSize);
    case 'PageUp':
      return Math.max(0, index - pageSize);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
