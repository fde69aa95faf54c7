import type { RequestSummary } from '../../src/shared/requests.ts';
import { isError } from './is-error.ts';
import type { RequestEntry } from './request-store.ts';

/** Which requests are shown. An empty string leaves everything through. */
export interface RequestFilter {
  /** Words that all have to occur somewhere. */
  readonly text: string;
  readonly errorsOnly: boolean;
  readonly client: string;
  readonly model: string;
  readonly api: string;
  readonly session: string;
}

/** What one can choose from, beside text. */
export const facetNames = ['client', 'model', 'api', 'session'] as const;
export type FacetName = (typeof facetNames)[number];

export const noFilter: RequestFilter = {
  text: '',
  errorsOnly: false,
  client: '',
  model: '',
  api: '',
  session: '',
};

export function isFiltering(filter: RequestFilter): boolean {
  return filter.text.trim() !== '' || filter.errorsOnly || facetNames.some((name) => filter[name] !== '');
}

/** The entries that a filter leaves through, in their order. */
export function filterRequests(
  entries: readonly RequestEntry[],
  filter: RequestFilter,
): readonly RequestEntry[] {
  if (!isFiltering(filter)) return entries;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const facets = facetNames.filter((name) => filter[name] !== '');
  return entries.filter(
    ({ request, searched }) =>
      (!filter.errorsOnly || isError(request)) &&
      facets.every((name) => facetOf(request, name) === filter[name]) &&
      words.every((word) => searched.includes(word)),
  );
}

/** A request's value of a facet, '' where it has none. */
export function facetOf(request: RequestSummary, name: FacetName): string {
  switch (name) {
    case 'client':
      return request.client;
    case 'model':
      return request.modelUsed ?? request.modelAsked ?? '';
    case 'api':
      return request.api;
    case 'session':
      return request.sessionId ?? '';
    default:
      return name satisfies never;
  }
}

/** The values of each facet with how many requests have them, the most frequent first; of sessions the latest. */
export function countFacets(
  entries: readonly RequestEntry[],
): Readonly<Record<FacetName, readonly (readonly [value: string, count: number])[]>> {
  const counts = { client: new Map(), model: new Map(), api: new Map(), session: new Map() } satisfies Record<
    FacetName,
    Map<string, number>
  >;
  for (const { request } of entries) {
    for (const name of facetNames) {
      const value = facetOf(request, name);
      if (value !== '') counts[name].set(value, (counts[name].get(value) ?? 0) + 1);
    }
  }
  const mostFrequent = (values: ReadonlyMap<string, number>) =>
    [...values].sort(([, one], [, other]) => other - one);
  return {
    client: mostFrequent(counts.client),
    model: mostFrequent(counts.model),
    api: mostFrequent(counts.api),
    session: [...counts.session].reverse(),
  };
}
