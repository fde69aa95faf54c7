import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { sharedStyles } from '../shared-styles.ts';
import { highlighted } from './highlighted.ts';
import { linesOf } from './json-outline.ts';
import type { Searchable } from './searchable.ts';
import { VirtualRows, virtualRowStyles } from './virtual-rows.ts';

/** A plain text of any size. */
@customElement('text-lines')
export class TextLines extends LitElement implements Searchable {
  static override readonly styles = [
    sharedStyles,
    virtualRowStyles,
    css`
      :host {
        display: block;
        height: 100%;
      }
      .rows {
        height: 100%;
        padding-inline: 8px;
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: var(--vscode-editor-font-size, 12px);
      }
      .canvas > * {
        overflow: visible;
        user-select: text;
      }
      .current {
        background: var(--vscode-editor-rangeHighlightBackground);
      }
      mark {
        color: inherit;
        background: var(--vscode-editor-findMatchHighlightBackground);
      }
    `,
  ];

  @property() accessor text = '';
  /** What a screen reader calls it. */
  @property() accessor label = '';
  @state() private accessor query = '';
  @state() private accessor current = -1;
  readonly #rows = new VirtualRows(this, 18);
  #lines: readonly string[] = [];
  /** Row of each match. */
  #found: readonly number[] = [];

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text')) this.#lines = linesOf(this.text);
  }

  search(query: string): number {
    this.query = query;
    this.current = -1;
    const wanted = query.toLowerCase();
    this.#found =
      wanted === ''
        ? []
        : this.#lines.flatMap((line, row) => (line.toLowerCase().includes(wanted) ? [row] : []));
    return this.#found.length;
  }

  showMatch(index: number): void {
    const row = this.#found[index];
    if (row === undefined) return;
    this.current = row;
    this.#rows.reveal(row);
  }

  override render(): TemplateResult {
    return html`<div class="rows" tabindex="0" role="document" aria-label=${this.label}>
      ${this.#rows.render(
        this.#lines.length,
        (index, place) =>
          html`<div class=${index === this.current ? 'current' : ''} .style=${place}>${highlighted(this.#lines[index] ?? '', this.query)}</div>`,
      )}
    </div>`;
  }
}
