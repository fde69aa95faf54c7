import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { toolButton } from '../controls/tool-button.ts';
import { iconStyles } from '../icon.ts';
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
    const disabled = this.count === 0;
    const found = this.count === 0 ? t('No results') : t('{0} of {1}', this.match + 1, this.count);
    return html`<input type="search" aria-label=${t('Search')} placeholder=${t('Search')} @input=${() => this.#go(0)} @keydown=${this.#onKey} />
      <span class="count pale" role="status">${text === '' ? '' : found}</span>
      ${toolButton({ icon: 'arrow-up', title: t('Previous match'), disabled, run: () => this.#go(this.match - 1) })}
      ${toolButton({ icon: 'arrow-down', title: t('Next match'), disabled, run: () => this.#go(this.match + 1) })}
      ${toolButton({ icon: 'close', title: t('Close'), run: this.#close })}`;
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
