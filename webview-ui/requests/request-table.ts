import { type VirtualItem, VirtualizerController } from '@tanstack/lit-virtual';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { styleProperties } from '../controls/style-properties.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { columnHeadings, type HeadingActions } from './column-headings.ts';
import { requestCellHover } from './request-cells.ts';
import { type Column, type ColumnId, growingColumn, widthOf } from './request-columns.ts';
import { requestRow, sessionRow } from './request-row.ts';
import type { Row, Sorting } from './request-rows.ts';
import { headerHeight, requestTableStyles, rowHeight } from './request-table-styles.ts';
import type { RowSelection, SelectionMode } from './row-selection.ts';
import { keyCommand } from './table-keys.ts';

/** What a person does to the table. */
export interface TableActions extends HeadingActions {
  select(key: string, mode: SelectionMode): void;
  selectAll(): void;
  open(row: Row): void;
  /** Shows or hides the requests of a session. */
  setOpen(session: string, open: boolean): void;
  leave(): void;
  rowMenu(at: { readonly x: number; readonly y: number }): void;
  /** Whether the newest is to stay in sight. */
  follow(follows: boolean): void;
}

/** The lines of the list. Only those in sight are in the document; where one scrolled to stays in sight whatever comes above it. */
@customElement('request-table')
export class RequestTable extends LitElement {
  @property({ attribute: false }) accessor rows: readonly Row[] = [];
  @property({ attribute: false }) accessor columns: readonly Column[] = [];
  @property({ attribute: false }) accessor widths: Readonly<Partial<Record<ColumnId, number>>> = {};
  @property({ attribute: false }) accessor sorting: Sorting | undefined;
  @property({ attribute: false }) accessor selection: RowSelection | undefined;
  @property({ attribute: false }) accessor actions: TableActions | undefined;
  @property({ type: Boolean }) accessor grouped = false;
  @property({ type: Boolean }) accessor follows = false;
  @query('.grid') accessor #grid: HTMLElement | null = null;
  /** The line at the upper edge, and how far it is scrolled beyond it. */
  #anchor: { readonly key: string; readonly beyond: number } | undefined;
  /** Where the table itself has scrolled to; what comes to lie elsewhere was scrolled by a person. */
  #scrolledTo = 0;

  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.#grid,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
  });

  static override styles = [sharedStyles, iconStyles, requestTableStyles];

  /** Gives the keyboard to the list. */
  override focus(): void {
    this.#grid?.focus();
  }

  /** Scrolls as little as needed. */
  bringIntoSight(key: string): void {
    const index = this.rows.findIndex((row) => row.key === key);
    const grid = this.#grid;
    if (index < 0 || !grid) return;
    const top = index * rowHeight;
    const room = grid.clientHeight - headerHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + rowHeight > grid.scrollTop + room) grid.scrollTop = top + rowHeight - room;
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('rows')) return;
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.setOptions({ ...virtualizer.options, count: this.rows.length });
    // What will be in sight is made at once, and not what would be if nothing were scrolled.
    const top = this.#steadyTop();
    if (top !== undefined && this.hasUpdated) virtualizer.scrollOffset = top;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('columns') || changed.has('widths')) {
      this.style.setProperty('--columns', columnTemplate(this.columns, this.widths));
    }
    // In another order, what was in sight may be anywhere: one begins at the beginning.
    if (changed.has('sorting')) this.#anchor = undefined;
    if (changed.has('rows') || changed.has('follows') || changed.has('sorting')) this.#holdStill();
  }

  override render(): TemplateResult {
    const virtualizer = this.#virtual.getVirtualizer();
    const active = this.selection?.active;
    return html`<div
      class="grid"
      role=${this.grouped ? 'treegrid' : 'grid'}
      tabindex="0"
      aria-label=${t('Requests')}
      aria-multiselectable="true"
      aria-rowcount=${this.rows.length + 1}
      aria-colcount=${this.columns.length}
      aria-activedescendant=${active === undefined ? nothing : rowId(active)}
      @scroll=${this.#onScroll}
      @keydown=${this.#onKey}
      @contextmenu=${this.#onContextMenu}
      @pointerover=${this.#onPointerOver}
    >
      ${columnHeadings(this.columns, this.sorting, this.actions)}
      <div
        class="body"
        role="rowgroup"
        ${styleProperties({ height: `${this.rows.length * rowHeight}px` })}
      >
        ${repeat(this.#itemsInSight(virtualizer.getVirtualItems()), ({ row }) => row.key, this.#row)}
      </div>
    </div>`;
  }

  readonly #row = ({ row, index }: { readonly row: Row; readonly index: number }): TemplateResult => {
    const { selection, columns, actions } = this;
    const isActive = selection?.active === row.key;
    const place = {
      id: rowId(row.key),
      rowIndex: index + 2,
      top: index * rowHeight,
      isActive,
      click: (event: MouseEvent) => actions?.select(row.key, modeOf(event)),
    };
    return row.kind === 'request'
      ? requestRow(row, columns, { ...place, isSelected: selection?.selected.has(row.key) === true })
      : sessionRow(row, columns.length, {
          ...place,
          toggle: () => actions?.setOpen(row.session, !row.isOpen),
        });
  };

  /** The active one is among them even when it is elsewhere, as the keyboard's focus names it. */
  #itemsInSight(items: readonly VirtualItem[]): { readonly row: Row; readonly index: number }[] {
    const indexes = items.map(({ index }) => index);
    const active = this.selection?.active;
    const activeIndex = active === undefined ? -1 : this.rows.findIndex(({ key }) => key === active);
    if (activeIndex >= 0 && !indexes.includes(activeIndex)) indexes.push(activeIndex);
    return indexes.flatMap((index) => {
      const row = this.rows[index];
      return row ? [{ row, index }] : [];
    });
  }

  /** Keeps the newest in sight, or else what is in sight where it is. */
  #holdStill(): void {
    const grid = this.#grid;
    if (!grid) return;
    const newest = this.#newestEdge(grid);
    const top = this.follows && newest !== undefined ? newest : this.#steadyTop();
    if (top !== undefined) this.#scrollTo(top);
    else if (!this.#anchor) this.#scrollTo(0);
    this.#remember(grid);
  }

  /** Where to scroll to, so that the line at the upper edge stays there; undefined when there is none, or it is gone. */
  #steadyTop(): number | undefined {
    const anchor = this.#anchor;
    if (this.follows || !anchor) return undefined;
    const index = this.rows.findIndex(({ key }) => key === anchor.key);
    return index < 0 ? undefined : index * rowHeight + anchor.beyond;
  }

  #scrollTo(top: number): void {
    const grid = this.#grid;
    if (!grid || Math.abs(grid.scrollTop - top) < 1) return;
    grid.scrollTop = top;
    this.#scrolledTo = grid.scrollTop;
  }

  /** Where the newest request is; undefined where it may be anywhere. */
  #newestEdge(grid: HTMLElement): number | undefined {
    if (this.sorting?.column !== 'time') return undefined;
    return this.sorting.descending ? 0 : grid.scrollHeight - grid.clientHeight;
  }

  readonly #onScroll = (): void => {
    const grid = this.#grid;
    if (!grid) return;
    this.#remember(grid);
    if (Math.abs(grid.scrollTop - this.#scrolledTo) < 1) return;
    this.#scrolledTo = grid.scrollTop;
    const newest = this.#newestEdge(grid);
    if (newest === undefined) return;
    const follows = Math.abs(grid.scrollTop - newest) < rowHeight;
    if (follows !== this.follows) this.actions?.follow(follows);
  };

  #remember(grid: HTMLElement): void {
    const row = this.rows[Math.floor(grid.scrollTop / rowHeight)];
    this.#anchor = row && { key: row.key, beyond: grid.scrollTop % rowHeight };
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const grid = this.#grid;
    if (!grid || event.target !== grid) return;
    const pageSize = Math.max(1, Math.floor((grid.clientHeight - headerHeight) / rowHeight) - 1);
    const command = keyCommand(event, this.rows, this.selection?.active, pageSize);
    if (!command) return;
    event.preventDefault();
    switch (command.type) {
      case 'select':
        this.actions?.select(command.key, command.mode);
        this.bringIntoSight(command.key);
        break;
      case 'set-open':
        this.actions?.setOpen(command.session, command.open);
        break;
      case 'open':
        this.actions?.open(command.row);
        break;
      case 'select-all':
        this.actions?.selectAll();
        break;
      case 'leave':
        this.actions?.leave();
        break;
      case 'menu':
        this.#menuAtActive();
        break;
      default:
        command satisfies never;
    }
  };

  #menuAtActive(): void {
    const active = this.shadowRoot?.querySelector('.row.active');
    if (!active) return;
    const { left, bottom } = active.getBoundingClientRect();
    this.actions?.rowMenu({ x: left + 24, y: bottom });
  }

  /** What a cell tells on hover is worked out when a pointer is there. */
  readonly #onPointerOver = ({ target }: PointerEvent): void => {
    const cell = target instanceof Element ? target.closest('.cell') : null;
    const id = cell?.closest('.row')?.id;
    if (!(cell instanceof HTMLElement) || id === undefined) return;
    const row = this.rows.find(({ key }) => rowId(key) === id);
    const column = this.columns[[...(cell.parentElement?.children ?? [])].indexOf(cell)];
    if (row?.kind === 'request' && column) cell.title = requestCellHover(column.id, row.entry);
  };

  readonly #onContextMenu = (event: MouseEvent): void => {
    event.preventDefault();
    const element = event.target instanceof Element ? event.target : undefined;
    const at = { x: event.clientX, y: event.clientY };
    const id = element?.closest('.row')?.id;
    const row = this.rows.find(({ key }) => rowId(key) === id);
    if (element?.closest('.header')) this.actions?.columnMenu(at);
    // The keyboard asks for the menu at the list itself.
    else if (!row) this.#menuAtActive();
    else {
      if (!this.selection?.selected.has(row.key)) this.actions?.select(row.key, 'only');
      this.actions?.rowMenu(at);
    }
  };
}

function rowId(key: string): string {
  return `row:${key}`;
}

function modeOf({ ctrlKey, metaKey, shiftKey }: MouseEvent): SelectionMode {
  if (shiftKey) return 'range';
  return ctrlKey || metaKey ? 'toggle' : 'only';
}

function columnTemplate(
  columns: readonly Column[],
  widths: Readonly<Partial<Record<ColumnId, number>>>,
): string {
  return columns
    .map(({ id, minimum }) =>
      id === growingColumn ? `minmax(${minimum}px, 1fr)` : `${widthOf(id, widths)}px`,
    )
    .join(' ');
}
