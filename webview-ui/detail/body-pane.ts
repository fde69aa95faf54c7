import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Body, BodyPart } from '../../src/shared/inspector-calls.ts';
import type { Call } from '../connection.ts';
import '../controls/copy-button.ts';
import { toolButton } from '../controls/tool-button.ts';
import { formatCharacters } from '../format.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import './json-tree.ts';
import './text-lines.ts';
import { detailStyles } from './detail-styles.ts';
import { eventsOf } from './event-stream.ts';
import './search-bar.ts';
import type { SearchRequest } from './search-bar.ts';
import type { Searchable } from './searchable.ts';

type Form = 'parsed' | 'raw';

/** One body: parsed or as it was sent, with a search of its own. It is fetched when it comes into sight. */
@customElement('body-pane')
export class BodyPane extends LitElement {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    detailStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        height: 100%;
      }
      header {
        display: flex;
        align-items: center;
        gap: 4px;
        padding: 2px 8px;
        min-height: 28px;
        border-bottom: 1px solid var(--vscode-panel-border);
      }
      h3 {
        margin: 0;
        font-size: inherit;
        font-weight: 600;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .size {
        flex: 1;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .content {
        flex: 1;
        min-height: 0;
      }
      .note {
        margin: 0;
        padding: 6px 8px;
      }
    `,
  ];

  @property({ attribute: false }) accessor call: Call | undefined;
  @property() accessor requestId = '';
  @property({ attribute: false }) accessor source: BodyPart | undefined;
  @property() accessor heading = '';
  /** Changes when the body may have grown. */
  @property() accessor revision = '';
  @state() private accessor body: Body | undefined;
  @state() private accessor problem = '';
  @state() private accessor form: Form = 'parsed';
  @state() private accessor searching = false;
  @query('json-tree, text-lines') private accessor view: (HTMLElement & Searchable) | null = null;
  #value: unknown;

  constructor() {
    super();
    this.addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
        event.preventDefault();
        event.stopPropagation();
        this.searching = true;
      }
    });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('requestId') || changed.has('source') || changed.has('revision')) void this.#load();
  }

  override render(): TemplateResult {
    const { body } = this;
    return html`<header>
        <h3>${this.heading}</h3>
        <span class="size pale">${body ? formatCharacters(body.text.length) : nothing}</span>
        ${body && this.#canParse() ? this.#renderFormSwitch() : nothing}
        ${toolButton({
          icon: 'search',
          title: t('Search (Ctrl+F)'),
          pressed: this.searching,
          run: () => this.#setSearching(!this.searching),
        })}
        ${body ? html`<copy-button .call=${this.call} .text=${body.text} label=${t('Copy')}></copy-button>` : nothing}
      </header>
      ${this.searching ? html`<search-bar @search-for=${this.#search} @close=${() => this.#setSearching(false)}></search-bar>` : nothing}
      ${body && body.omitted > 0 ? html`<p class="note warning">${t('{0} more characters were not kept. The limit is the setting "recordBodyLimitMegabytes".', body.omitted)}</p>` : nothing}
      <div class="content">${this.#renderContent()}</div>`;
  }

  #renderFormSwitch(): TemplateResult {
    const isRaw = this.form === 'raw';
    return toolButton({
      icon: isRaw ? 'json' : 'list-flat',
      title: isRaw ? t('Show parsed') : t('Show as sent'),
      run: () => this.#setForm(isRaw ? 'parsed' : 'raw'),
    });
  }

  #renderContent(): TemplateResult {
    if (this.problem !== '') return html`<p class="note error" role="alert">${this.problem}</p>`;
    if (!this.body) return html`<p class="note pale">${t('Loading…')}</p>`;
    if (this.body.text === '') return html`<p class="note pale">${t('Nothing was sent.')}</p>`;
    return this.form === 'parsed' && this.#value !== undefined
      ? html`<json-tree .value=${this.#value} label=${this.heading}></json-tree>`
      : html`<text-lines .text=${this.body.text} label=${this.heading}></text-lines>`;
  }

  #canParse(): boolean {
    return this.#value !== undefined;
  }

  async #load(): Promise<void> {
    const { call, source: part, requestId } = this;
    if (!call || !part || requestId === '') return;
    try {
      const body = await call('body', { id: requestId, part });
      if (part !== this.source || requestId !== this.requestId) return;
      this.#value = parsedBody(body);
      this.body = body;
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  #setForm(form: Form): void {
    this.form = form;
    this.searching = false;
  }

  #setSearching(searching: boolean): void {
    this.searching = searching;
    if (!searching) this.view?.search('');
  }

  readonly #search = (event: CustomEvent<SearchRequest>): void => {
    const { text, match, answer } = event.detail;
    const count = this.view?.search(text) ?? 0;
    answer(count);
    if (count > 0) this.view?.showMatch(((match % count) + count) % count);
  };
}

/** Undefined where the body cannot be parsed, as when it was cut. */
function parsedBody({ text, format }: Body): unknown {
  if (format === 'event-stream') return eventsOf(text);
  if (format === 'text') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
