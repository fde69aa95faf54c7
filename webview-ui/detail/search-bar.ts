import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { icon, iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { detailStyles } from './detail-styles.ts';

export interface SearchRequest {
  readonly text: string;
  /** Which match to show, from 0; may be any number: it goes round. */
  readonly match: number;
  /** To be called with the number of matches. */
  readonly answer: (count: number) => void;
}

/** A field to search with: sends `search-for` with a `SearchRequest`, and `close`. */
@customElement('search-bar')
export class SearchBar extends LitElement {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    detailStyles,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 4px;
        padding: 4px 8px;
        border-bottom: 1px solid var(--vscode-panel-border);
        background: var(--vscode-editorWidget-background);
      }
      input {
        flex: 1;
        min-width: 60px;
      }
      input::-webkit-search-cancel-button {
        display: none;
      }
      .count {
        white-space: nowrap;
        min-width: 5em;
        text-align: end;
      }
    `,
  ];

  @state() private accessor match = 0;
  @state() private accessor count = 0;
  @query('input') private accessor input: HTMLInputElement | null = null;

  override firstUpdated(): void {
    this.input?.focus();
  }

  override render(): TemplateResult {
    const text = this.input?.value ?? '';
    const found = this.count === 0 ? t('No results') : t('{0} of {1}', this.match + 1, this.count);
    return html`<input type="search" aria-label=${t('Search')} placeholder=${t('Search')} @input=${() => this.#go(0)} @keydown=${this.#onKey} />
      <span class="count pale" role="status">${text === '' ? '' : found}</span>
      <button class="tool" title=${t('Previous match')} aria-label=${t('Previous match')} ?disabled=${this.count === 0} @click=${() => this.#go(this.match - 1)}>${icon('arrow-up')}</button>
      <button class="tool" title=${t('Next match')} aria-label=${t('Next match')} ?disabled=${this.count === 0} @click=${() => this.#go(this.match + 1)}>${icon('arrow-down')}</button>
      <button class="tool" title=${t('Close')} aria-label=${t('Close')} @click=${this.#close}>${icon('close')}</button>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') this.#go(this.match + (event.shiftKey ? -1 : 1));
    else if (event.key === 'Escape') this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent('close'));
  };

  #go(match: number): void {
    const answer = (count: number) => {
      this.count = count;
      this.match = count === 0 ? 0 : ((match % count) + count) % count;
      this.requestUpdate();
    };
    const detail: SearchRequest = { text: this.input?.value ?? '', match, answer };
    this.dispatchEvent(new CustomEvent('search-for', { detail }));
  }
}
