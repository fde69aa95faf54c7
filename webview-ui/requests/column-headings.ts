import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../icon.ts';
import { type Column, type ColumnId, columnTitle, growingColumn } from './request-columns.ts';
import type { Sorting } from './request-rows.ts';

export interface HeadingActions {
  sort(column: ColumnId): void;
  /** Makes a column wider by so many pixels; undefined gives it its first width back. */
  resize(column: ColumnId, by: number | undefined): void;
  columnMenu(at: { readonly x: number; readonly y: number }): void;
}

const keyboardStep = 16;

/** The headings. One is in the tab order; arrows go to the others, and with Shift they change the width. */
export function columnHeadings(
  columns: readonly Column[],
  sorting: Sorting | undefined,
  actions: HeadingActions | undefined,
): TemplateResult {
  const growsAt = columns.findIndex(({ id }) => id === growingColumn);
  return html`<div class="header" role="rowgroup">
    <div class="headings" role="row" aria-rowindex="1">
      ${columns.map((column, index) => heading(column, index, growsAt, sorting, actions))}
    </div>
  </div>`;
}

function heading(
  { id, numeric }: Column,
  index: number,
  growsAt: number,
  sorting: Sorting | undefined,
  actions: HeadingActions | undefined,
): TemplateResult {
  const isSorted = sorting?.column === id;
  const direction = sorting?.descending === true ? 'descending' : 'ascending';
  return html`<div
    class="heading ${numeric ? 'numeric' : ''}"
    role="columnheader"
    aria-sort=${isSorted ? direction : 'none'}
  ><button
      type="button"
      tabindex=${index === 0 ? 0 : -1}
      title=${columnTitle(id)}
      @click=${() => actions?.sort(id)}
      @keydown=${(event: KeyboardEvent) => onKey(event, id, actions)}
    ><span>${columnTitle(id)}</span>${
      isSorted ? icon(direction === 'descending' ? 'arrow-down' : 'arrow-up') : nothing
    }</button>${index === growsAt ? nothing : grip(id, growsAt >= 0 && index > growsAt, actions)}</div>`;
}

/** Stands at the edge that moves: what is after the growing column grows to the left. */
function grip(id: ColumnId, atStart: boolean, actions: HeadingActions | undefined): TemplateResult {
  return html`<span
    class="grip ${atStart ? 'at-start' : ''}"
    @pointerdown=${(event: PointerEvent) => {
      if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
    }}
    @pointermove=${(event: PointerEvent) => {
      const { currentTarget, pointerId, movementX } = event;
      if (currentTarget instanceof Element && currentTarget.hasPointerCapture(pointerId)) {
        actions?.resize(id, atStart ? -movementX : movementX);
      }
    }}
    @dblclick=${() => actions?.resize(id, undefined)}
  ></span>`;
}

function onKey(event: KeyboardEvent, id: ColumnId, actions: HeadingActions | undefined): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  if (event.shiftKey) {
    actions?.resize(id, step * keyboardStep);
    return;
  }
  const own = event.currentTarget instanceof Element ? event.currentTarget.closest('.heading') : null;
  const next = step < 0 ? own?.previousElementSibling : own?.nextElementSibling;
  next?.querySelector('button')?.focus();
}
