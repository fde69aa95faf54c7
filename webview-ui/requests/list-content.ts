import type { PanelState } from '../shell/panel-state.ts';
import { countFacets, filterRequests } from './request-filter.ts';
import { makeRows, type Row, sortRequests } from './request-rows.ts';
import type { RequestStore } from './request-store.ts';

/** What the list shows of a store. */
export interface ListContent {
  readonly rows: readonly Row[];
  /** Of all requests, shown or not. */
  readonly facets: ReturnType<typeof countFacets> | undefined;
  /** How many requests the filter leaves through. */
  readonly shown: number;
}

export function listContent(store: RequestStore, state: PanelState): ListContent {
  const entries = store.entries();
  const shown = filterRequests(entries, state.filter);
  const rows = makeRows(sortRequests(shown, state.sorting), {
    grouped: state.grouped,
    closed: new Set(state.closedSessions),
  });
  return { rows, facets: countFacets(entries), shown: shown.length };
}

/** Whether the content may be another after a change of the state. */
export function affectsContent(before: PanelState, after: PanelState): boolean {
  const names = ['filter', 'sorting', 'grouped', 'closedSessions'] as const;
  return names.some((name) => before[name] !== after[name]);
}
