import type { MenuItem } from '../controls/popup-menu.ts';
import { t } from '../localization.ts';
import type { PanelState } from '../shell/panel-state.ts';
import type { Surroundings } from '../shell/surroundings.ts';
import { type ColumnId, columns, columnTitle } from './request-columns.ts';

/** Which columns are shown where there is room for them. */
export function columnMenu(state: () => PanelState, change: Surroundings['change']): () => MenuItem[] {
  return () => [
    ...columns.map(({ id }) => ({
      label: columnTitle(id),
      checked: !state().hidden.includes(id),
      // A table has at least one.
      disabled: state().hidden.length === columns.length - 1 && !state().hidden.includes(id),
      run: () => change({ hidden: toggled(state().hidden, id) }),
    })),
    {
      label: t('Reset columns'),
      startsGroup: true,
      run: () => change({ hidden: [], widths: {} }),
    },
  ];
}

function toggled(hidden: readonly ColumnId[], id: ColumnId): ColumnId[] {
  return hidden.includes(id) ? hidden.filter((each) => each !== id) : [...hidden, id];
}
