import '@vscode-elements/elements/dist/vscode-button/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Connection, NoticeOf } from '../connection.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import '../models/models-tab.ts';
import '../overview/overview-tab.ts';
import { RequestStore } from '../requests/request-store.ts';
import '../requests/requests-tab.ts';
import type { RequestsTab } from '../requests/requests-tab.ts';
import { sharedStyles } from '../shared-styles.ts';
import { type PanelState, readPanelState, type Tab } from './panel-state.ts';
import { type StatusLine, statusLine, statusLineStyles } from './status-line.ts';
import { messageOf, type ProxyNotice, type Surroundings } from './surroundings.ts';
import { tabList, tabListStyles } from './tab-list.ts';

/** How long a line about what has just been done stands, in milliseconds. */
const messageMs = 5_000;

const noCounts = { shown: undefined, selected: 0 };

/** The whole page. */
@customElement('inspector-app')
export class InspectorApp extends LitElement {
  @property({ attribute: false }) accessor connection: Connection | undefined;
  @state() accessor #state: PanelState = readPanelState(undefined);
  @state() accessor #proxy: ProxyNotice | undefined;
  @state() accessor #version = 0;
  @state() accessor #modelsVersion = 0;
  @state() accessor #message: StatusLine['message'];
  /** Of the list, while it is shown. */
  @state() accessor #counts: { readonly shown: number | undefined; readonly selected: number } = noCounts;
  @query('requests-tab') accessor #requestsTab: RequestsTab | null = null;
  readonly #store = new RequestStore();
  #forgetMessage: ReturnType<typeof setTimeout> | undefined;
  #unsubscribe: readonly (() => void)[] = [];
  /** To be shown once the list is there. */
  #toReveal: string | undefined;

  static override styles = [
    sharedStyles,
    iconStyles,
    tabListStyles,
    statusLineStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr) auto;
        height: 100vh;
        background: var(--vscode-editor-background);
      }

      .panel {
        display: grid;
        min-height: 0;
        overflow: auto;
        container-type: inline-size;
      }

      .off {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 12px;
        padding: 24px;
        text-align: center;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    const { connection } = this;
    if (!connection) return;
    this.#state = readPanelState(connection.savedState());
    this.#unsubscribe = [
      connection.on('proxy', (notice) => void this.#onProxy(notice)),
      connection.on('requests', ({ changed }) => {
        this.#store.apply(changed);
        this.#version++;
      }),
      connection.on('models-changed', () => {
        this.#modelsVersion++;
      }),
      connection.on('reveal', (notice) => this.#onReveal(notice)),
    ];
    window.addEventListener('keydown', this.#onKey);
    connection.ready();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    window.removeEventListener('keydown', this.#onKey);
  }

  override render(): TemplateResult {
    const { tab } = this.#state;
    const headings = [
      { id: 'requests', title: t('Requests') },
      { id: 'overview', title: t('Overview') },
      { id: 'models', title: t('Models') },
    ] as const;
    return html`${tabList('Lingma Proxy', headings, tab, (id) => this.#change({ tab: id }))}
      <main class="panel" id="panel" role="tabpanel" aria-labelledby="tab-${tab}">${this.#panel()}</main>
      ${statusLine({
        proxy: this.#proxy,
        message: this.#message,
        total: this.#store.size,
        errors: this.#store.errors,
        ...this.#counts,
      })}`;
  }

  #panel(): TemplateResult | typeof nothing {
    const { connection } = this;
    const proxy = this.#proxy;
    if (!connection || !proxy) return nothing;
    if (!proxy.running) return this.#offPanel(connection);
    const surroundings: Surroundings = {
      call: connection.call,
      state: this.#state,
      change: this.#change,
      proxy,
      tell: this.#tell,
      openRequest: (id) => this.#onReveal({ type: 'reveal', id }),
    };
    const { tab } = this.#state;
    switch (tab) {
      case 'requests':
        return html`<requests-tab
          .surroundings=${surroundings}
          .store=${this.#store}
          .version=${this.#version}
          @store-change=${() => this.#version++}
          @counts-change=${this.#onCounts}
        ></requests-tab>`;
      case 'overview':
        return html`<overview-tab
          .surroundings=${surroundings}
          .range=${this.#state.range}
          .version=${this.#version}
        ></overview-tab>`;
      case 'models':
        return html`<models-tab .surroundings=${surroundings} .version=${this.#modelsVersion}></models-tab>`;
      default:
        return tab satisfies never;
    }
  }

  #offPanel({ call }: Connection): TemplateResult {
    return html`<div class="off">
      <p>${t('The proxy does not run, so there is nothing to inspect.')}</p>
      <vscode-button @click=${() => void call('command', { name: 'start' })}>${t('Start')}</vscode-button>
    </div>`;
  }

  async #onProxy(notice: NoticeOf<'proxy'>): Promise<void> {
    this.#proxy = notice;
    this.#modelsVersion++;
    if (!notice.running || !this.connection) return;
    try {
      const { requests } = await this.connection.call('list', {});
      this.#store.replaceAll(requests);
      this.#version++;
    } catch (error) {
      this.#tell(messageOf(error), 'error');
    }
    const id = this.#toReveal;
    this.#toReveal = undefined;
    if (id !== undefined) this.#reveal(id);
  }

  #onReveal({ id, tab }: NoticeOf<'reveal'>): void {
    if (tab !== undefined) this.#change({ tab });
    if (id === undefined) return;
    if (this.#proxy) this.#reveal(id);
    else this.#toReveal = id;
  }

  async #reveal(id: string): Promise<void> {
    this.#change({ tab: 'requests' as Tab });
    await this.updateComplete;
    await this.#requestsTab?.reveal(id);
  }

  readonly #change = (change: Partial<PanelState>): void => {
    this.#state = { ...this.#state, ...change };
    if (this.#state.tab !== 'requests') this.#counts = noCounts;
    this.connection?.saveState(this.#state);
  };

  readonly #tell = (text: string, severity: 'info' | 'error' = 'info'): void => {
    clearTimeout(this.#forgetMessage);
    this.#message = { text, severity };
    if (severity === 'error') return;
    this.#forgetMessage = setTimeout(() => {
      this.#message = undefined;
    }, messageMs);
  };

  readonly #onCounts = ({
    detail,
  }: CustomEvent<{ readonly shown: number; readonly selected: number }>): void => {
    const { shown, selected } = this.#counts;
    if (detail.shown !== shown || detail.selected !== selected) this.#counts = detail;
  };

  /** `/` goes to the filter, unless it is being typed somewhere. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    const isTyped =
      target instanceof HTMLInputElement ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement;
    if (event.key !== '/' || isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#requestsTab) return;
    event.preventDefault();
    this.#requestsTab.focusFilter();
  };
}
