import { html, type TemplateResult } from 'lit';
import { styleProperties } from '../controls/style-properties.ts';
import { formatClock, formatCount, formatTokens } from '../format.ts';
import { icon } from '../icon.ts';
import { t } from '../localization.ts';
import { requestCell } from './request-cells.ts';
import type { Column } from './request-columns.ts';
import type { RequestRow, SessionRow } from './request-rows.ts';

/** Where a line stands, and what a click on it does. */
interface RowPlace {
  readonly id: string;
  readonly rowIndex: number;
  /** Pixels below the headings. */
  readonly top: number;
  readonly isActive: boolean;
  readonly click: (event: MouseEvent) => void;
}

export function requestRow(
  { entry, isInSession }: RequestRow,
  columns: readonly Column[],
  place: RowPlace & { readonly isSelected: boolean },
): TemplateResult {
  const { id, rowIndex, top, isActive, isSelected, click } = place;
  const now = performance.now();
  const classes = `row ${isActive ? 'active' : ''} ${isSelected ? 'selected' : ''} ${isInSession ? 'in-session' : ''}`;
  return html`<div
    class=${classes}
    id=${id}
    role="row"
    aria-rowindex=${rowIndex}
    aria-selected=${isSelected}
    @click=${click}
    ${styleProperties({ transform: `translateY(${top}px)` })}
  >${columns.map(
    (column) =>
      html`<div class=${column.numeric ? 'cell numeric' : 'cell'} role="gridcell">${requestCell(column.id, entry, now)}</div>`,
  )}</div>`;
}

export function sessionRow(
  row: SessionRow,
  columnCount: number,
  place: RowPlace & { readonly toggle: () => void },
): TemplateResult {
  const { id, rowIndex, top, isActive, click, toggle } = place;
  const onClick = (event: MouseEvent) => {
    click(event);
    toggle();
  };
  return html`<div
    class="row session ${isActive ? 'active' : ''}"
    id=${id}
    role="row"
    aria-level="1"
    aria-rowindex=${rowIndex}
    aria-expanded=${row.isOpen}
    @click=${onClick}
    ${styleProperties({ transform: `translateY(${top}px)` })}
  ><div class="cell" role="gridcell" aria-colspan=${columnCount} title=${row.session}
    >${icon(row.isOpen ? 'chevron-down' : 'chevron-right')} ${sessionTitle(row)} <span class="pale"
      >${sessionSummary(row)}</span></div></div>`;
}

function sessionTitle({ session, entries }: SessionRow): string {
  if (session === '') return t('No session');
  const client = entries.find(({ request }) => request.client !== '')?.request.client;
  return client === undefined ? session : `${client} · ${session}`;
}

function sessionSummary({ entries }: SessionRow): string {
  let tokens = 0;
  let latest = '';
  for (const { request } of entries) {
    tokens += (request.inputTokens ?? 0) + (request.outputTokens ?? 0);
    if (request.time > latest) latest = request.time;
  }
  const count = entries.length === 1 ? t('1 request') : t('{0} requests', formatCount(entries.length));
  return [count, t('{0} tokens', formatTokens(tokens)), t('last at {0}', formatClock(latest))].join(' · ');
}
