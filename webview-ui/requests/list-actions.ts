import type { MenuItem } from '../controls/popup-menu.ts';
import type { Surroundings } from '../shell/surroundings.ts';
import { columnMenu } from './column-menu.ts';
import { type ColumnId, columns, widthOf } from './request-columns.ts';
import type { TableActions } from './request-table.ts';

type ListActions = Pick<TableActions, 'sort' | 'resize' | 'columnMenu' | 'setOpen' | 'follow'>;

/** What changes how the list is shown, and is remembered. */
export function listActions(
  surroundings: () => Surroundings | undefined,
  openMenu: (items: () => readonly MenuItem[], at: { readonly x: number; readonly y: number }) => void,
): ListActions {
  return {
    sort(column) {
      const sorting = surroundings()?.state.sorting;
      const descending = sorting?.column === column ? !sorting.descending : isLargestFirst(column);
      surroundings()?.change({ sorting: { column, descending } });
    },
    resize(column, by) {
      const { widths = {} } = surroundings()?.state ?? {};
      const { [column]: _, ...others } = widths;
      const width = widthOf(column, widths) + (by ?? 0);
      surroundings()?.change({ widths: by === undefined ? others : { ...others, [column]: width } });
    },
    columnMenu(at) {
      const now = surroundings();
      if (now)
        openMenu(
          columnMenu(() => (surroundings() ?? now).state, now.change),
          at,
        );
    },
    setOpen(session, open) {
      const closed = surroundings()?.state.closedSessions.filter((each) => each !== session) ?? [];
      surroundings()?.change({ closedSessions: open ? closed : [...closed, session] });
    },
    follow: (follows) => surroundings()?.change({ follows }),
  };
}

/** What is sorted by for the first time shows its largest first; names begin with A. */
function isLargestFirst(column: ColumnId): boolean {
  return column === 'time' || columns.some(({ id, numeric }) => id === column && numeric);
}
