import { type ColumnId, columns } from './request-columns.ts';
import type { RequestEntry } from './request-store.ts';

/** A line of the list: a request, or the session that the requests below it belong to. */
export type Row = RequestRow | SessionRow;

export interface RequestRow {
  readonly kind: 'request';
  /** The request's id. */
  readonly key: string;
  readonly entry: RequestEntry;
  readonly isInSession: boolean;
}

export interface SessionRow {
  readonly kind: 'session';
  readonly key: string;
  /** The client's id of it, '' for requests that belong to none. */
  readonly session: string;
  /** All of its requests that the filter leaves through, in the list's order. */
  readonly entries: readonly RequestEntry[];
  readonly isOpen: boolean;
}

export interface Sorting {
  readonly column: ColumnId;
  readonly descending: boolean;
}

/** Newest first. */
export const usualSorting: Sorting = { column: 'time', descending: true };

/** The entries, given oldest first, in the order of the list. What is equal stays in the order of arrival. */
export function sortRequests(
  entries: readonly RequestEntry[],
  { column, descending }: Sorting,
): readonly RequestEntry[] {
  if (column === 'time') return descending ? entries.toReversed() : entries;
  const sortKey = columns.find(({ id }) => id === column)?.sortKey;
  if (!sortKey) return entries;
  const keyed = entries.map((entry) => ({ entry, key: sortKey(entry.request) }));
  keyed.sort((one, other) => {
    if (one.key === undefined || other.key === undefined) {
      return Number(one.key === undefined) - Number(other.key === undefined) || newestFirst(one, other);
    }
    if (one.key === other.key) return newestFirst(one, other);
    return (one.key < other.key ? -1 : 1) * (descending ? -1 : 1);
  });
  return keyed.map(({ entry }) => entry);
}

/** The lines of the list. Sessions stand where their first request would. */
export function makeRows(
  sorted: readonly RequestEntry[],
  { grouped, closed }: { readonly grouped: boolean; readonly closed: ReadonlySet<string> },
): Row[] {
  if (!grouped) return sorted.map((entry) => requestRow(entry, false));
  const sessions = new Map<string, RequestEntry[]>();
  for (const entry of sorted) {
    const session = entry.request.sessionId ?? '';
    const entries = sessions.get(session);
    if (entries) entries.push(entry);
    else sessions.set(session, [entry]);
  }
  const rows: Row[] = [];
  for (const [session, entries] of sessions) {
    const isOpen = !closed.has(session);
    rows.push({ kind: 'session', key: `session:${session}`, session, entries, isOpen });
    if (isOpen) for (const entry of entries) rows.push(requestRow(entry, true));
  }
  return rows;
}

function requestRow(entry: RequestEntry, isInSession: boolean): RequestRow {
  return { kind: 'request', key: entry.request.id, entry, isInSession };
}

function newestFirst(one: { readonly entry: RequestEntry }, other: { readonly entry: RequestEntry }): number {
  return other.entry.order - one.entry.order;
}
