import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon, iconStyles } from '../icon.ts';
import { sharedStyles } from '../shared-styles.ts';
import { highlighted } from './highlighted.ts';
import { JsonOutline, type JsonRow } from './json-outline.ts';
import type { Searchable } from './searchable.ts';
import { VirtualRows, virtualRowStyles } from './virtual-rows.ts';

const indentation = 14;

/** A JSON value to unfold, of any size. */
@customElement('json-tree')
export class JsonTree extends LitElement implements Searchable {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    virtualRowStyles,
    css`
      :host {
        display: block;
        height: 100%;
      }
      .rows {
        height: 100%;
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: var(--vscode-editor-font-size, 12px);
      }
      .row {
        cursor: default;
      }
      .active {
        background: var(--vscode-list-inactiveSelectionBackground);
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      .rows:focus .active {
        background: var(--vscode-list-activeSelectionBackground);
        color: var(--vscode-list-activeSelectionForeground);
      }
      /* Pale and coloured text is hard to read on it. */
      .row.active * {
        color: inherit;
      }
      .twistie {
        display: inline-block;
        width: 16px;
        vertical-align: middle;
      }
      .twistie .codicon {
        font-size: 14px;
        vertical-align: text-bottom;
      }
      .key {
        color: var(--vscode-symbolIcon-propertyForeground, var(--vscode-debugTokenExpression-name));
      }
      .string,
      .line {
        color: var(--vscode-debugTokenExpression-string);
      }
      .number {
        color: var(--vscode-debugTokenExpression-number);
      }
      .boolean,
      .null {
        color: var(--vscode-debugTokenExpression-boolean);
      }
      .object,
      .array {
        color: var(--vscode-descriptionForeground);
      }
      mark {
        color: inherit;
        background: var(--vscode-editor-findMatchHighlightBackground);
      }
    `,
  ];

  @property({ attribute: false }) accessor value: unknown;
  /** What a screen reader calls it. */
  @property() accessor label = '';
  @state() private accessor active = 0;
  @state() private accessor query = '';
  readonly #rows = new VirtualRows(this, 20);
  #outline = new JsonOutline(undefined);

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('value')) return;
    this.#outline = new JsonOutline(this.value);
    this.active = 0;
  }

  search(query: string): number {
    this.query = query;
    this.#found = this.#outline.find(query);
    return this.#found.length;
  }

  showMatch(index: number): void {
    const path = this.#found[index];
    if (path !== undefined) this.#moveTo(this.#outline.reveal(path));
  }

  override render(): TemplateResult {
    const { rows } = this.#outline;
    return html`<div
      class="rows"
      role="tree"
      tabindex="0"
      aria-label=${this.label}
      aria-activedescendant="row-${this.active}"
      @keydown=${this.#onKey}
    >
      ${this.#rows.render(rows.length, (index, place) => this.#renderRow(index, place))}
    </div>`;
  }

  #found: readonly string[] = [];

  #renderRow(index: number, place: string): TemplateResult {
    const row = this.#outline.rows[index];
    if (!row) return html``;
    const { key, kind, text, depth, expanded } = row;
    return html`<div
      id="row-${index}"
      class="row ${index === this.active ? 'active' : ''}"
      role="treeitem"
      aria-level=${depth + 1}
      aria-selected=${index === this.active}
      aria-expanded=${expanded ?? nothing}
      .style=${`${place};padding-inline-start:${depth * indentation}px`}
      @click=${() => this.#click(index, row)}
    ><span class="twistie">${expanded === undefined ? nothing : icon(expanded ? 'chevron-down' : 'chevron-right')}</span>${
      key === undefined ? nothing : html`<span class="key">${highlighted(key, this.query)}</span>: `
    }<span class=${kind}>${highlighted(text, this.query)}</span></div>`;
  }

  #click(index: number, row: JsonRow): void {
    this.active = index;
    if (row.expanded !== undefined) this.#toggle(row);
  }

  #toggle(row: JsonRow): void {
    this.#outline.toggle(row.path);
    this.requestUpdate();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { rows } = this.#outline;
    const row = rows[this.active];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case 'ArrowDown':
        this.#moveTo(this.active + 1);
        break;
      case 'ArrowUp':
        this.#moveTo(this.active - 1);
        break;
      case 'PageDown':
        this.#moveTo(this.active + this.#rows.page);
        break;
      case 'PageUp':
        this.#moveTo(this.active - this.#rows.page);
        break;
      case 'Home':
        this.#moveTo(0);
        break;
      case 'End':
        this.#moveTo(rows.length - 1);
        break;
      case 'ArrowRight':
        if (row.expanded === false) this.#toggle(row);
        else if (row.expanded === true) this.#moveTo(this.active + 1);
        break;
      case 'ArrowLeft':
        if (row.expanded === true) this.#toggle(row);
        else this.#moveTo(rows.findLastIndex((each, index) => index < this.active && each.depth < row.depth));
        break;
      case 'Enter':
      case ' ':
        if (row.expanded !== undefined) this.#toggle(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  #moveTo(index: number): void {
    if (index < 0 && this.active === 0) return;
    this.active = Math.min(Math.max(index, 0), this.#outline.rows.length - 1);
    this.requestUpdate();
    // Not before the rows that were unfolded on the way are there.
    void this.updateComplete.then(() => this.#rows.reveal(this.active));
  }
}
