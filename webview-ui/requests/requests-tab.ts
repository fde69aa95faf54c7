import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RequestSummary } from '../../src/shared/requests.ts';
import '../controls/popup-menu.ts';
import type { PopupMenu } from '../controls/popup-menu.ts';
import '../controls/split-view.ts';
import type { SplitRatios } from '../controls/split-view.ts';
import { formatCount } from '../format.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { messageOf, type Surroundings } from '../shell/surroundings.ts';
import { detailPane, detailPaneStyles } from './detail-pane.ts';
import './filter-bar.ts';
import type { FilterBar } from './filter-bar.ts';
import { listActions } from './list-actions.ts';
import { affectsContent, type ListContent, listContent } from './list-content.ts';
import { listToolbar, toolbarStyles } from './list-toolbar.ts';
import { RequestActions } from './request-actions.ts';
import { fittingColumns } from './request-columns.ts';
import { isFiltering, noFilter, type RequestFilter } from './request-filter.ts';
import { requestMenu } from './request-menu.ts';
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
  #content: ListContent = { rows: [], facets: undefined, shown: 0 };
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
    detailPaneStyles,
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
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticking = setInterval(() => {
      if (this.#content.rows.some((row) => row.kind === 'request' && row.entry.request.state === 'running')) {
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
    const isFilteredAway = store?.get(id) !== undefined && !this.#content.rows.some(({ key }) => key === id);
    this.#compared = undefined;
    surroundings.change({
      detail: id,
      follows: false,
      ...(isFilteredAway ? { filter: noFilter, closedSessions: [] } : {}),
    });
    await this.updateComplete;
    this.#selection = keepExisting(
      { ...noSelection, active: id, selected: new Set([id]) },
      this.#content.rows,
    );
    await this.#bringIntoSight(id);
  }

  async #bringIntoSight(id: string): Promise<void> {
    await this.updateComplete;
    await this.#table?.updateComplete;
    this.#table?.bringIntoSight(id);
  }

  /** Puts the keyboard into the filter. */
  focusFilter(): void {
    this.#filterBar?.focus();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { store, surroundings } = this;
    if (!store || !surroundings) return;
    const { state } = surroundings;
    const before = changed.get('surroundings')?.state;
    if (!changed.has('version') && before && !affectsContent(before, state)) return;
    if (!changed.has('version') && !changed.has('surroundings')) return;
    this.#content = listContent(store, state);
    const { rows } = this.#content;
    this.#selection = keepExisting(this.#selection, rows);
    // The request of the detail is the one where the keyboard is: when the page is back, and when what is shown appears at last.
    if (this.#selection.active !== undefined || !rows.some(({ key }) => key === state.detail)) return;
    this.#selection = selectRow(this.#selection, rows, state.detail, 'only');
    void this.#bringIntoSight(state.detail);
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
              .facets=${this.#content.facets}
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
    return { shown: this.#content.shown, selected: this.#selection.selected.size };
  }

  override updated(): void {
    this.dispatchEvent(new CustomEvent('counts-change', { detail: this.counts }));
  }

  #list({ state, proxy }: Surroundings, store: RequestStore): TemplateResult {
    if (this.#content.rows.length > 0) {
      return html`<request-table
        .rows=${this.#content.rows}
        .columns=${fittingColumns(this.#width, state.widths, new Set(state.hidden))}
        .widths=${state.widths}
        .sorting=${state.sorting}
        .selection=${this.#selection}
        .grouped=${state.grouped}
        .follows=${state.follows}
        .actions=${this.#tableActions}
      ></request-table>`;
    }
    const why =
      store.size > 0 && isFiltering(state.filter)
        ? t('No request matches the filter.')
        : t('No requests yet. Point a client at {0}, and what it sends shows up here.', proxy.url ?? '');
    return html`<p class="empty">${why}</p>`;
  }

  #detail({ call, state }: Surroundings): TemplateResult {
    return detailPane({
      call,
      id: state.detail,
      compared: this.#compared,
      close: () => {
        this.#show('');
        this.#table?.focus();
      },
      openRequest: (id) => void this.reveal(id),
    });
  }

  readonly #tableActions: TableActions = {
    ...listActions(
      () => this.surroundings,
      (items, at) => void this.#menu?.open(items, at),
    ),
    select: (key, mode) => this.#select(key, mode),
    selectAll: () => {
      this.#selection = selectAll(this.#selection, this.#content.rows);
    },
    open: (row) => {
      if (row.kind === 'session') this.#tableActions.setOpen(row.session, !row.isOpen);
      else this.#show(row.key);
    },
    leave: () => this.#show(''),
    rowMenu: (at) => this.#rowMenu(at),
  };

  #rowMenu(at: { readonly x: number; readonly y: number }): void {
    const { surroundings } = this;
    if (!surroundings) return;
    const items = requestMenu({
      selected: this.#selectedRequests(),
      actions: this.#requestActions,
      change: surroundings.change,
      compare: () => this.#compare(),
    });
    if (items.length > 0) void this.#menu?.open(() => items, at);
  }

  #select(key: string, mode: SelectionMode): void {
    this.#selection = selectRow(this.#selection, this.#content.rows, key, mode);
    const isOne = mode === 'only' && this.#selection.selected.has(key);
    // A click opens the detail; keys take it along once it is open.
    if (isOne) this.#show(key);
  }

  /** '' closes the detail. */
  #show(id: string): void {
    this.#compared = undefined;
    this.surroundings?.change({ detail: id });
  }

  /** In the order of the list. */
  #selectedRequests(): RequestSummary[] {
    const { selected } = this.#selection;
    return this.#content.rows.flatMap((row) =>
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
