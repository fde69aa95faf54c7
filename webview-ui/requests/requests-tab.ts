import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RequestSummary } from '../../src/shared/requests.ts';
import '../controls/popup-menu.ts';
import type { PopupMenu } from '../controls/popup-menu.ts';
import '../controls/split-view.ts';
import type { SplitRatios } from '../controls/split-view.ts';
import { toolButton } from '../controls/tool-button.ts';
import '../detail/request-compare.ts';
import '../detail/request-detail.ts';
import { formatCount } from '../format.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { messageOf, type Surroundings } from '../shell/surroundings.ts';
import { columnMenu } from './column-menu.ts';
import './filter-bar.ts';
import type { FilterBar } from './filter-bar.ts';
import { listToolbar, toolbarStyles } from './list-toolbar.ts';
import { RequestActions } from './request-actions.ts';
import { type ColumnId, columns, fittingColumns, widthOf } from './request-columns.ts';
import { countFacets, filterRequests, isFiltering, noFilter, type RequestFilter } from './request-filter.ts';
import { requestMenu } from './request-menu.ts';
import { makeRows, type Row, sortRequests } from './request-rows.ts';
import type { RequestStore } from './request-store.ts';
import './request-table.ts';
import type { RequestTable, TableActions } from './request-table.ts';
import {
  keepExisting,
  noSelection,
  type RowSelection,
  type SelectionMode,
  selectAll,
  selectRow,
} from './row-selection.ts';

/** How often what runs is shown anew, in milliseconds. */
const tickMs = 1_000;

/** The list, and what is chosen in it. */
@customElement('requests-tab')
export class RequestsTab extends LitElement {
  @property({ attribute: false }) accessor surroundings: Surroundings | undefined;
  @property({ attribute: false }) accessor store: RequestStore | undefined;
  /** Rises with each change of the store. */
  @property({ attribute: false }) accessor version = 0;
  @state() accessor #selection: RowSelection = noSelection;
  @state() accessor #compared: { readonly left: string; readonly right: string } | undefined;
  @state() accessor #width = 1_000;
  @query('request-table') accessor #table: RequestTable | null = null;
  @query('filter-bar') accessor #filterBar: FilterBar | null = null;
  @query('popup-menu') accessor #menu: PopupMenu | null = null;
  #rows: readonly Row[] = [];
  #facets: ReturnType<typeof countFacets> | undefined;
  #shownRequests = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;
  readonly #requestActions = new RequestActions(() => this.surroundings);
  readonly #observer = new ResizeObserver(([entry]) => {
    // Without what the scroll bar takes.
    if (entry) this.#width = entry.contentRect.width - 14;
  });

  static override styles = [
    sharedStyles,
    iconStyles,
    toolbarStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: minmax(0, 1fr);
        min-height: 0;
      }

      .list {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
      }

      .empty {
        padding: 16px;
      }

      .detail {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
      }

      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        height: 28px;
        padding: 0 4px 0 8px;
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      }

      request-detail,
      request-compare {
        min-width: 0;
        min-height: 0;
        overflow: auto;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticking = setInterval(() => {
      if (this.#rows.some((row) => row.kind === 'request' && row.entry.request.state === 'running')) {
        this.#table?.requestUpdate();
      }
    }, tickMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    this.#observer.disconnect();
  }

  override firstUpdated(): void {
    const list = this.shadowRoot?.querySelector('.list');
    if (list) this.#observer.observe(list);
  }

  /** Chooses a request and brings it into sight, past any filter. */
  async reveal(id: string): Promise<void> {
    const { surroundings, store } = this;
    if (!surroundings) return;
    const isFilteredAway = store?.get(id) !== undefined && !this.#rows.some(({ key }) => key === id);
    this.#compared = undefined;
    surroundings.change({
      detail: id,
      follows: false,
      ...(isFilteredAway ? { filter: noFilter, closedSessions: [] } : {}),
    });
    await this.updateComplete;
    this.#selection = selectRow(this.#selection, this.#rows, id, 'only');
    await this.updateComplete;
    await this.#table?.updateComplete;
    this.#table?.bringIntoSight(id);
  }

  /** Puts the keyboard into the filter. */
  focusFilter(): void {
    this.#filterBar?.focus();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('surroundings')?.state;
    const state = this.surroundings?.state;
    if (!state || !this.store) return;
    const isSame =
      before !== undefined &&
      !changed.has('version') &&
      before.filter === state.filter &&
      before.sorting === state.sorting &&
      before.grouped === state.grouped &&
      before.closedSessions === state.closedSessions;
    if (isSame || (!changed.has('version') && !changed.has('surroundings'))) return;
    const entries = this.store.entries();
    this.#facets = countFacets(entries);
    const shown = filterRequests(entries, state.filter);
    this.#shownRequests = shown.length;
    this.#rows = makeRows(sortRequests(shown, state.sorting), {
      grouped: state.grouped,
      closed: new Set(state.closedSessions),
    });
    this.#selection = keepExisting(this.#selection, this.#rows);
  }

  override render(): TemplateResult {
    const { surroundings, store } = this;
    if (!surroundings || !store) return html``;
    const { state, change } = surroundings;
    const isOpen = state.detail !== '' || this.#compared !== undefined;
    return html`<split-view
        .open=${isOpen}
        .ratios=${state.ratios}
        @ratios-change=${({ detail }: CustomEvent<SplitRatios>) => change({ ratios: detail })}
      >
        <div class="list" slot="first">
          <div class="bar">
            <filter-bar
              .filter=${state.filter}
              .facets=${this.#facets}
              @filter-change=${({ detail }: CustomEvent<RequestFilter>) => change({ filter: detail })}
              @leave=${() => this.#table?.focus()}
            ></filter-bar>
            ${listToolbar(surroundings, {
              heldBack: store.isPaused ? store.heldBack : undefined,
              selected: this.#selection.selected.size,
              pause: () => this.#pause(store),
              clear: () => this.#clear(),
              compare: () => this.#compare(),
              exportHar: () => this.#requestActions.exportHar([...this.#selection.selected]),
            })}
          </div>
          ${this.#list(surroundings, store)}
        </div>
        ${isOpen ? html`<div class="detail" slot="second">${this.#detail(surroundings)}</div>` : nothing}
      </split-view>
      <popup-menu></popup-menu>`;
  }

  /** How many requests the filter leaves through, and how many are selected. */
  get counts(): { readonly shown: number; readonly selected: number } {
    return { shown: this.#shownRequests, selected: this.#selection.selected.size };
  }

  override updated(): void {
    this.dispatchEvent(new CustomEvent('counts-change', { detail: this.counts }));
  }

  #list({ state, proxy }: Surroundings, store: RequestStore): TemplateResult {
    if (this.#rows.length > 0) {
      return html`<request-table
        .rows=${this.#rows}
        .columns=${fittingColumns(this.#width, state.widths, new Set(state.hidden))}
        .widths=${state.widths}
        .sorting=${state.sorting}
        .selection=${this.#selection}
        .grouped=${state.grouped}
        .follows=${state.follows}
        .actions=${this.#tableActions}
      ></request-table>`;
    }
    if (store.size > 0 && isFiltering(state.filter)) {
      return html`<p class="empty">${t('No request matches the filter.')}</p>`;
    }
    return html`<p class="empty">
      ${t('No requests yet. Point a client at {0}, and what it sends shows up here.', proxy.url ?? '')}
    </p>`;
  }

  #detail({ call, state, change }: Surroundings): TemplateResult {
    const close = toolButton({
      icon: 'close',
      title: t('Close'),
      run: () => {
        this.#compared = undefined;
        change({ detail: '' });
        this.#table?.focus();
      },
    });
    if (this.#compared) {
      const { left, right } = this.#compared;
      return html`<header>${t('Comparison')}${close}</header>
        <request-compare
          .call=${call}
          .left=${left}
          .right=${right}
          @open-request=${this.#onOpenRequest}
        ></request-compare>`;
    }
    return html`<header><span class="mono">${state.detail}</span>${close}</header>
      <request-detail
        .call=${call}
        .requestId=${state.detail}
        @open-request=${this.#onOpenRequest}
      ></request-detail>`;
  }

  readonly #tableActions: TableActions = {
    select: (key, mode) => this.#select(key, mode),
    selectAll: () => {
      this.#selection = selectAll(this.#selection, this.#rows);
    },
    open: (row) => {
      if (row.kind === 'session') this.#tableActions.setOpen(row.session, !row.isOpen);
      else this.surroundings?.change({ detail: row.key });
    },
    setOpen: (session, open) => {
      const closed = this.surroundings?.state.closedSessions.filter((each) => each !== session) ?? [];
      this.surroundings?.change({ closedSessions: open ? closed : [...closed, session] });
    },
    leave: () => {
      this.#compared = undefined;
      this.surroundings?.change({ detail: '' });
    },
    sort: (column) => {
      const sorting = this.surroundings?.state.sorting;
      const descending = sorting?.column === column ? !sorting.descending : isLargestFirst(column);
      this.surroundings?.change({ sorting: { column, descending } });
    },
    resize: (column, by) => {
      const { surroundings } = this;
      if (!surroundings) return;
      const { [column]: _, ...others } = surroundings.state.widths;
      const width = widthOf(column, surroundings.state.widths) + (by ?? 0);
      surroundings.change({ widths: by === undefined ? others : { ...others, [column]: width } });
    },
    follow: (follows) => this.surroundings?.change({ follows }),
    columnMenu: (at) => {
      const { surroundings } = this;
      if (!surroundings) return;
      void this.#menu?.open(
        columnMenu(() => (this.surroundings ?? surroundings).state, surroundings.change),
        at,
      );
    },
    rowMenu: (at) => {
      const { surroundings } = this;
      if (!surroundings) return;
      const selected = this.#selectedRequests();
      const items = requestMenu({
        selected,
        actions: this.#requestActions,
        change: surroundings.change,
        compare: () => this.#compare(),
      });
      if (items.length > 0) void this.#menu?.open(() => items, at);
    },
  };

  #select(key: string, mode: SelectionMode): void {
    this.#selection = selectRow(this.#selection, this.#rows, key, mode);
    const isOne = mode === 'only' && this.#selection.selected.has(key);
    // A click opens the detail; keys take it along once it is open.
    if (isOne) this.#show(key);
  }

  #show(id: string): void {
    this.#compared = undefined;
    this.surroundings?.change({ detail: id });
  }

  readonly #onOpenRequest = ({ detail }: CustomEvent<{ readonly id: string }>): void => {
    void this.reveal(detail.id);
  };

  /** In the order of the list. */
  #selectedRequests(): RequestSummary[] {
    const { selected } = this.#selection;
    return this.#rows.flatMap((row) =>
      row.kind === 'request' && selected.has(row.key) ? [row.entry.request] : [],
    );
  }

  /** The earlier one stands left. */
  #compare(): void {
    const [one, other, third] = this.#selectedRequests().sort((a, b) => (a.time < b.time ? -1 : 1));
    if (one && other && !third) this.#compared = { left: one.id, right: other.id };
  }

  #pause(store: RequestStore): void {
    if (store.isPaused) store.resume();
    else store.pause();
    this.dispatchEvent(new CustomEvent('store-change'));
  }

  async #clear(): Promise<void> {
    const { surroundings, store } = this;
    if (!surroundings || !store) return;
    try {
      const { cleared } = await surroundings.call('clear', {});
      const { requests } = await surroundings.call('list', {});
      store.replaceAll(requests);
      surroundings.change({ detail: '' });
      this.dispatchEvent(new CustomEvent('store-change'));
      surroundings.tell(t('{0} requests forgotten', formatCount(cleared)));
    } catch (error) {
      surroundings.tell(messageOf(error), 'error');
    }
  }
}

/** What is sorted by for the first time shows its largest first; names begin with A. */
function isLargestFirst(column: ColumnId): boolean {
  return column === 'time' || columns.some(({ id, numeric }) => id === column && numeric);
}
