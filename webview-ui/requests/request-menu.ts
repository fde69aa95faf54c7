import type { RequestSummary } from '../../src/shared/requests.ts';
import type { MenuItem } from '../controls/popup-menu.ts';
import { t } from '../localization.ts';
import type { Surroundings } from '../shell/surroundings.ts';
import type { RequestActions } from './request-actions.ts';
import { facetOf, noFilter } from './request-filter.ts';

interface RequestMenu {
  /** In the order of the list. */
  readonly selected: readonly RequestSummary[];
  readonly actions: RequestActions;
  readonly change: Surroundings['change'];
  readonly compare: () => void;
}

/** What can be done with the selected requests. */
export function requestMenu({ selected, actions, change, compare }: RequestMenu): MenuItem[] {
  const [request] = selected;
  const exportHar: MenuItem = {
    label: selected.length > 1 ? t('Export {0} requests as HAR', selected.length) : t('Export as HAR'),
    startsGroup: true,
    run: () => void actions.exportHar(selected.map(({ id }) => id)),
  };
  if (!request) return [];
  if (selected.length > 1) {
    return [{ label: t('Compare'), disabled: selected.length !== 2, run: compare }, exportHar];
  }
  const { id } = request;
  return [
    { label: t('Open'), run: () => change({ detail: id }) },
    { label: t('Replay'), run: () => void actions.replay(id) },
    { label: t('Copy as curl'), startsGroup: true, run: () => void actions.copyAs(id, 'curl') },
    { label: t('Copy as fetch'), run: () => void actions.copyAs(id, 'fetch') },
    { label: t('Copy as Python'), run: () => void actions.copyAs(id, 'python') },
    { label: t('Copy request ID'), run: () => void actions.copyText(id) },
    exportHar,
    ...filterItems(request, change),
  ];
}

function filterItems(request: RequestSummary, change: Surroundings['change']): MenuItem[] {
  const names = ['client', 'model', 'session'] as const;
  const items = names.flatMap((name) => {
    const value = facetOf(request, name);
    return value === ''
      ? []
      : [{ label: filterLabel(name), run: () => change({ filter: { ...noFilter, [name]: value } }) }];
  });
  return items.map((item, index) => ({ ...item, startsGroup: index === 0 }));
}

function filterLabel(name: 'client' | 'model' | 'session'): string {
  switch (name) {
    case 'client':
      return t('Show only this client');
    case 'model':
      return t('Show only this model');
    case 'session':
      return t('Show only this session');
    default:
      return name satisfies never;
  }
}
