import { VirtualizerController } from '@tanstack/lit-virtual';
import { css, html, type LitElement, type TemplateResult } from 'lit';

/** Styles of what `VirtualRows` renders, and of the `.rows` element around it. */
export const virtualRowStyles = css`
  .rows {
    position: relative;
    overflow: auto;
    contain: strict;
  }

  .canvas {
    position: relative;
    width: 100%;
  }

  .canvas > * {
    position: absolute;
    inset-inline: 0;
    top: 0;
    white-space: pre;
    overflow: hidden;
    text-overflow: ellipsis;
  }
`;

/** Rows of one height, of which only those in sight exist: for a component whose shadow tree holds them in one `.rows` element. */
export class VirtualRows {
  readonly #controller: VirtualizerController<HTMLElement, HTMLElement>;
  readonly #rowHeight: number;

  /** `rowHeight` in CSS pixels. */
  constructor(host: LitElement, rowHeight: number) {
    this.#rowHeight = rowHeight;
    this.#controller = new VirtualizerController<HTMLElement, HTMLElement>(host, {
      getScrollElement: () => host.renderRoot?.querySelector<HTMLElement>('.rows') ?? null,
      count: 0,
      estimateSize: () => rowHeight,
      overscan: 10,
    });
  }

  /** What goes into the `.rows` element. `row` gets the style that puts a row into its place, to bind as `.style`. */
  render(count: number, row: (index: number, place: string) => TemplateResult): TemplateResult {
    const virtualizer = this.#controller.getVirtualizer();
    if (virtualizer.options.count !== count) virtualizer.setOptions({ ...virtualizer.options, count });
    const rows = virtualizer
      .getVirtualItems()
      .map(({ index, start }) =>
        row(
          index,
          `height:${this.#rowHeight}px;line-height:${this.#rowHeight}px;transform:translateY(${start}px)`,
        ),
      );
    return html`<div class="canvas" role="presentation" .style=${`height:${virtualizer.getTotalSize()}px`}>
      ${rows}
    </div>`;
  }

  /** Scrolls no further than it takes to show the row. */
  reveal(index: number): void {
    this.#controller.getVirtualizer().scrollToIndex(index, { align: 'auto' });
  }

  /** Rows that fit into sight, for Page Up and Page Down. */
  get page(): number {
    const height = this.#controller.getVirtualizer().scrollRect?.height ?? 0;
    return Math.max(1, Math.floor(height / this.#rowHeight) - 1);
  }
}
