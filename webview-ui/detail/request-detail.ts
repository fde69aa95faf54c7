import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CopyFormat, RequestDetail as Detail } from '../../src/shared/inspector-calls.ts';
import type { Call } from '../connection.ts';
import { formatOffset } from '../format.ts';
import { icon, iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import './conversation-view.ts';
import './events-view.ts';
import './headers-view.ts';
import './replay-form.ts';
import './timing-view.ts';
import './wire-view.ts';
import { detailStyles } from './detail-styles.ts';
import { violationList } from './violation-list.ts';

const tabs = ['conversation', 'wire', 'events', 'timing', 'headers'] as const;
type Tab = (typeof tabs)[number];

/** All of one request. Sends `open-request` with `{ id }` when another one should be shown. */
@customElement('request-detail')
export class RequestDetail extends LitElement {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    detailStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: 0;
        container-type: inline-size;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        padding: 6px 12px;
      }
      h2 {
        flex: 1 1 auto;
        margin: 0;
        font-size: inherit;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      select {
        max-width: 9em;
        color: var(--vscode-dropdown-foreground);
        background: var(--vscode-dropdown-background);
        border-color: var(--vscode-dropdown-border, transparent);
      }
      .notice {
        margin: 0;
        padding: 0 12px 6px;
        overflow-wrap: anywhere;
      }
      .violations {
        list-style: none;
        margin: 0;
        padding: 4px 12px;
        max-height: 25%;
        overflow: auto;
        background: var(--vscode-inputValidation-warningBackground);
      }
      .violations li {
        margin-block: 2px;
        overflow-wrap: anywhere;
      }
      .link {
        padding: 0;
        border: none;
        font: inherit;
        color: var(--vscode-textLink-foreground);
        background: none;
        text-decoration: underline;
        cursor: pointer;
      }
      [role='tablist'] {
        display: flex;
        overflow-x: auto;
        padding-inline: 4px;
        border-bottom: 1px solid var(--vscode-panel-border);
      }
      [role='tab'] {
        padding: 6px 8px;
        border: none;
        border-bottom: 2px solid transparent;
        font: inherit;
        color: var(--vscode-panelTitle-inactiveForeground);
        background: none;
        white-space: nowrap;
        cursor: pointer;
      }
      [role='tab'][aria-selected='true'] {
        color: var(--vscode-panelTitle-activeForeground);
        border-bottom-color: var(--vscode-panelTitle-activeBorder);
      }
      [role='tabpanel'] {
        flex: 1;
        min-height: 0;
        overflow: hidden;
      }
      .empty {
        padding: 12px;
      }
    `,
  ];

  @property({ attribute: false }) accessor call: Call | undefined;
  @property() accessor requestId = '';
  /** Changes when the request has gone on, as its state does: what is shown is asked for anew. */
  @property() accessor revision = '';
  @state() private accessor detail: Detail | undefined;
  @state() private accessor problem = '';
  @state() private accessor tab: Tab = 'conversation';
  @state() private accessor selectedEvent = -1;
  @state() private accessor isReplaying = false;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('requestId') && !changed.has('revision')) return;
    if (changed.has('requestId')) {
      this.selectedEvent = -1;
      this.isReplaying = false;
    }
    void this.#load();
  }

  override render(): TemplateResult {
    if (this.requestId === '')
      return html`<p class="empty pale">${t('Choose a request to see all of it.')}</p>`;
    if (this.problem !== '') return html`<p class="empty error" role="alert">${this.problem}</p>`;
    const { detail } = this;
    if (!detail) return html`<p class="empty pale">${t('Loading…')}</p>`;
    const { violations } = detail;
    return html`${this.#renderHead(detail)}
      ${violations.length > 0 ? violationList(violations, (event) => this.#showEvent(event)) : nothing}
      <div role="tablist" aria-label=${t('Parts of the request')} @keydown=${this.#onTabKey}>
        ${tabs.map((tab) => this.#renderTab(tab))}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby="tab-${this.tab}">
        ${
          this.isReplaying
            ? html`<replay-form .call=${this.call} requestId=${this.requestId} @close=${() => this.#replay(false)}></replay-form>`
            : this.#renderPanel(detail)
        }
      </div>`;
  }

  #renderHead({ summary }: Detail): TemplateResult {
    const { method, path, statusCode, durationMs, error, replayOf } = summary;
    return html`<div class="head">
        <h2 title=${path}>${method} ${path}</h2>
        <span class=${error ? 'error' : 'pale'}>${statusCode ?? '…'} · ${formatOffset(durationMs)}</span>
        <div class="actions" role="group" aria-label=${t('Actions')}>
          <button class="tool" aria-pressed=${this.isReplaying} @click=${() => this.#replay(!this.isReplaying)}>${icon('debug-restart')} ${t('Replay')}</button>
          <select aria-label=${t('Copy as')} @change=${this.#copyAs}>
            <option value="" selected>${t('Copy as…')}</option>
            <option value="curl">curl</option>
            <option value="fetch">fetch</option>
            <option value="python">Python</option>
          </select>
          <select aria-label=${t('Export')} @change=${this.#export}>
            <option value="" selected>${t('Export…')}</option>
            <option value="har">HAR</option>
            <option value="fixture">${t('Test fixture')}</option>
          </select>
        </div>
      </div>
      ${error ? html`<p class="notice error">${icon('error')} ${t('The client was told {0}: {1}', error.kind, error.message)}</p>` : nothing}
      ${
        replayOf === undefined
          ? nothing
          : html`<p class="notice">${t('A replay of')} <button class="link" @click=${() => this.#open(replayOf)}>${replayOf}</button></p>`
      }`;
  }

  #renderTab(tab: Tab): TemplateResult {
    const isSelected = tab === this.tab;
    return html`<button
      role="tab"
      id="tab-${tab}"
      aria-controls="panel"
      aria-selected=${isSelected}
      tabindex=${isSelected ? 0 : -1}
      @click=${() => this.#choose(tab)}
    >${tabName(tab)}</button>`;
  }

  #renderPanel(detail: Detail): TemplateResult {
    const { call, tab } = this;
    switch (tab) {
      case 'conversation':
        return html`<conversation-view .call=${call} .detail=${detail}></conversation-view>`;
      case 'wire':
        return html`<wire-view .call=${call} .detail=${detail}></wire-view>`;
      case 'events':
        return html`<events-view .call=${call} .detail=${detail} .selected=${this.selectedEvent}></events-view>`;
      case 'timing':
        return html`<timing-view .detail=${detail}></timing-view>`;
      case 'headers':
        return html`<headers-view .call=${call} .detail=${detail}></headers-view>`;
      default:
        return tab satisfies never;
    }
  }

  async #load(): Promise<void> {
    const { call, requestId } = this;
    if (!call || requestId === '') return;
    try {
      const detail = await call('request', { id: requestId });
      if (requestId !== this.requestId) return;
      this.detail = detail;
      this.problem = '';
    } catch (error) {
      if (requestId === this.requestId) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  #choose(tab: Tab): void {
    this.tab = tab;
    this.isReplaying = false;
  }

  #showEvent(event: number): void {
    this.#choose('events');
    this.selectedEvent = event;
  }

  #replay(isReplaying: boolean): void {
    this.isReplaying = isReplaying;
  }

  #open(id: string): void {
    this.dispatchEvent(new CustomEvent('open-request', { detail: { id }, bubbles: true, composed: true }));
  }

  readonly #onTabKey = (event: KeyboardEvent): void => {
    const at = tabs.indexOf(this.tab);
    const next =
      event.key === 'ArrowRight'
        ? tabs[(at + 1) % tabs.length]
        : event.key === 'ArrowLeft'
          ? tabs.at(at - 1)
          : event.key === 'Home'
            ? tabs[0]
            : event.key === 'End'
              ? tabs.at(-1)
              : undefined;
    if (next === undefined) return;
    event.preventDefault();
    this.#choose(next);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  };

  readonly #copyAs = async ({ target }: Event): Promise<void> => {
    if (!(target instanceof HTMLSelectElement) || !isCopyFormat(target.value)) return;
    const format = target.value;
    target.value = '';
    await this.#try(async (call) => {
      const { text } = await call('copyAs', { id: this.requestId, format });
      await call('copy', { text });
    });
  };

  readonly #export = async ({ target }: Event): Promise<void> => {
    if (!(target instanceof HTMLSelectElement)) return;
    const format = target.value;
    target.value = '';
    if (format !== 'har' && format !== 'fixture') return;
    await this.#try(async (call) => {
      const { text } = await call('export', { ids: [this.requestId], format });
      await call('save', { name: `${this.requestId}.${format === 'har' ? 'har' : 'json'}`, text });
    });
  };

  async #try(run: (call: Call) => Promise<void>): Promise<void> {
    if (!this.call) return;
    try {
      await run(this.call);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

function isCopyFormat(value: string): value is CopyFormat {
  return value === 'curl' || value === 'fetch' || value === 'python';
}

function tabName(tab: Tab): string {
  switch (tab) {
    case 'conversation':
      return t('Conversation');
    case 'wire':
      return t('Wire');
    case 'events':
      return t('Events');
    case 'timing':
      return t('Timing');
    case 'headers':
      return t('Headers');
    default:
      return tab satisfies never;
  }
}
