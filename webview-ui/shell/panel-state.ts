import * as z from 'zod/mini';
import { columnIds } from '../requests/request-columns.ts';
import { noFilter } from '../requests/request-filter.ts';
import { usualSorting } from '../requests/request-rows.ts';

const tabs = ['requests', 'overview', 'models'] as const;
export type Tab = (typeof tabs)[number];

/** What a part of the state becomes that a former version wrote in another way. */
function or<Type extends z.core.$ZodType>(type: Type, otherwise: z.output<Type>) {
  return z.catch(type, otherwise);
}

const columnId = z.enum(columnIds);
const ratio = z.number().check(z.gte(0.05), z.lte(0.95));

const panelState = z.object({
  tab: or(z.enum(tabs), 'requests'),
  filter: or(
    z.object({
      text: z.string(),
      errorsOnly: z.boolean(),
      client: z.string(),
      model: z.string(),
      api: z.string(),
      session: z.string(),
    }),
    noFilter,
  ),
  sorting: or(z.object({ column: columnId, descending: z.boolean() }), usualSorting),
  widths: or(z.partialRecord(columnId, z.number()), {}),
  hidden: or(z.array(columnId), []),
  grouped: or(z.boolean(), false),
  closedSessions: or(z.array(z.string()), []),
  follows: or(z.boolean(), true),
  /** The request that the detail shows; '' when it is closed. */
  detail: or(z.string(), ''),
  ratios: or(z.object({ beside: ratio, under: ratio }), { beside: 0.5, under: 0.45 }),
  range: or(z.enum(['hour', 'day', 'week']), 'hour'),
});

/** What the page remembers while it is hidden, and when the window is loaded anew. */
export type PanelState = z.output<typeof panelState>;

/** Reads what was saved; whatever of it is missing or strange is as at first. */
export function readPanelState(saved: unknown): PanelState {
  return panelState.parse(typeof saved === 'object' && saved !== null ? saved : {});
}
