import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { toolButton, toolButtonStyles } from '../controls/tool-button.ts';
import { apiName } from '../format.ts';
import { icon, iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import {
  type countFacets,
  type FacetName,
  facetNames,
  isFiltering,
  noFilter,
  type RequestFilter,
} from './request-filter.ts';

/** Text and facets that narrow the list. Event `filter-change` with the new filter; `leave` when Escape finds nothing to clear. */
@customElement('filter-bar')
export class FilterBar extends LitElement {
  @property({ attribute: false }) accessor filter: RequestFilter = noFilter;
  @property({ attribute: false }) accessor facets: ReturnType<typeof countFacets> | undefined;
  @query('input') accessor #input: HTMLInputElement | null = null;

  static override styles = [
    sharedStyles,
    iconStyles,
    toolButtonStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 6px;
        min-width: 0;
      }

      .text {
        display: flex;
        flex: 1 1 180px;
        align-items: center;
        gap: 4px;
        min-width: 140px;
        height: 24px;
        padding: 0 4px 0 6px;
        border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
        border-radius: 4px;
        background: var(--vscode-input-background);
      }

      .text:focus-within {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }

      input {
        flex: 1;
        min-width: 0;
        border: 0;
        background: none;
        color: var(--vscode-input-foreground);
        font: inherit;
      }

      input:focus {
        outline: none;
      }

      input::placeholder {
        color: var(--vscode-input-placeholderForeground);
      }

      input::-webkit-search-cancel-button {
        display: none;
      }

      select {
        flex: 0 1 120px;
        min-width: 84px;
        height: 24px;
        padding: 0 4px;
        border: 1px solid var(--vscode-dropdown-border, transparent);
        border-radius: 4px;
        background: var(--vscode-dropdown-background);
        color: var(--vscode-dropdown-foreground);
        font: inherit;
      }

      select.chosen {
        border-color: var(--vscode-inputOption-activeBorder, var(--vscode-focusBorder));
      }
    `,
  ];

  /** Puts the keyboard into the text. */
  override focus(): void {
    this.#input?.focus();
    this.#input?.select();
  }

  override render(): TemplateResult {
    const { filter } = this;
    return html`<div class="text">
        ${icon('filter')}
        <input
          type="search"
          aria-label=${t('Filter requests')}
          placeholder=${t('Filter by any words…')}
          .value=${filter.text}
          @input=${(event: InputEvent) => {
            if (event.target instanceof HTMLInputElement) this.#change({ text: event.target.value });
          }}
          @keydown=${this.#onKey}
        />
      </div>
      ${toolButton({
        icon: 'error',
        title: t('Errors only'),
        label: t('Errors'),
        pressed: filter.errorsOnly,
        run: () => this.#change({ errorsOnly: !filter.errorsOnly }),
      })}
      ${facetNames.map((name) => this.#facet(name))}
      ${toolButton({
        icon: 'clear-all',
        title: t('Clear the filter'),
        disabled: !isFiltering(filter),
        run: () => this.#change(noFilter),
      })}`;
  }

  #facet(name: FacetName): TemplateResult {
    const chosen = this.filter[name];
    const values = this.facets?.[name] ?? [];
    const known = values.some(([value]) => value === chosen) || chosen === '';
    const options = known ? values : [[chosen, 0] as const, ...values];
    return html`<select
      class=${chosen === '' ? '' : 'chosen'}
      aria-label=${facetTitle(name)}
      @change=${(event: Event) => {
        if (event.target instanceof HTMLSelectElement) this.#change({ [name]: event.target.value });
      }}
    >
      <option value="" .selected=${chosen === ''}>${facetTitle(name)}</option>
      ${options.map(
        ([value, count]) => html`<option value=${value} .selected=${value === chosen}>
          ${name === 'api' ? apiName(value) : value} (${count})
        </option>`,
      )}
    </select>`;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown' || event.key === 'Enter') this.dispatchEvent(new CustomEvent('leave'));
    else if (event.key !== 'Escape') return;
    else if (this.filter.text === '') this.dispatchEvent(new CustomEvent('leave'));
    else this.#change({ text: '' });
    event.preventDefault();
  }

  #change(change: Partial<RequestFilter>): void {
    this.dispatchEvent(
      new CustomEvent<RequestFilter>('filter-change', { detail: { ...this.filter, ...change } }),
    );
  }
}

function facetTitle(name: FacetName): string {
  switch (name) {
    case 'client':
      return t('All clients');
    case 'model':
      return t('All models');
    case 'api':
      return t('All APIs');
    case 'session':
      return t('All sessions');
    default:
      return name satisfies never;
  }
}
