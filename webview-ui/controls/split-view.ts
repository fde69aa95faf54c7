import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';

/** Wide enough, in pixels, for two panes beside each other. */
const wideEnough = 900;
const least = 0.15;
const most = 0.85;
const usual = { beside: 0.5, under: 0.45 };

/** The part of the room that the first pane takes, by how the panes stand. */
export interface SplitRatios {
  readonly beside: number;
  readonly under: number;
}

/**
 * Two panes, the second beside the first or under it, as there is room. The line between them is moved by pointer or keyboard.
 * Slots `first` and `second`; event `ratios-change` with the new ones.
 */
@customElement('split-view')
export class SplitView extends LitElement {
  @property({ type: Boolean }) accessor open = false;
  @property({ attribute: false }) accessor ratios: SplitRatios = usual;
  @state() accessor #isWide = true;
  @query('.panes') accessor #panes: HTMLElement | null = null;
  readonly #observer = new ResizeObserver(([entry]) => {
    if (entry) this.#isWide = entry.contentRect.width >= wideEnough;
  });

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        min-height: 0;
      }

      .panes {
        display: grid;
        height: 100%;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
      }

      .panes.open.beside {
        grid-template: minmax(0, 1fr) / minmax(0, calc(var(--ratio) * 100%)) 5px minmax(0, 1fr);
      }

      .panes.open.under {
        grid-template: minmax(0, calc(var(--ratio) * 100%)) 5px minmax(0, 1fr) / minmax(0, 1fr);
      }

      .pane {
        display: grid;
        min-width: 0;
        min-height: 0;
        overflow: hidden;
      }

      .line {
        position: relative;
        touch-action: none;
      }

      .line::before {
        content: '';
        position: absolute;
        background: var(--vscode-panel-border, var(--vscode-contrastBorder));
      }

      .beside > .line {
        cursor: ew-resize;
      }

      .beside > .line::before {
        inset: 0 2px;
      }

      .under > .line {
        cursor: ns-resize;
      }

      .under > .line::before {
        inset: 2px 0;
      }

      .line:hover::before,
      .line:focus-visible::before {
        inset: 0;
        background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder));
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  override render(): TemplateResult {
    const side = this.#side;
    return html`<div class="panes ${side} ${this.open ? 'open' : ''}">
      <div class="pane"><slot name="first"></slot></div>
      ${this.open ? html`${this.#line(side)}<div class="pane"><slot name="second"></slot></div>` : nothing}
    </div>`;
  }

  override updated(): void {
    this.#panes?.style.setProperty('--ratio', String(this.ratios[this.#side]));
  }

  get #side(): keyof SplitRatios {
    return this.#isWide ? 'beside' : 'under';
  }

  #line(side: keyof SplitRatios): TemplateResult {
    return html`<div
      class="line"
      role="separator"
      tabindex="0"
      aria-label=${t('Size of the list')}
      aria-orientation=${side === 'beside' ? 'vertical' : 'horizontal'}
      aria-valuemin=${least * 100}
      aria-valuemax=${most * 100}
      aria-valuenow=${Math.round(this.ratios[side] * 100)}
      @pointerdown=${this.#onPointerDown}
      @pointermove=${this.#onPointerMove}
      @dblclick=${() => this.#set(usual[side])}
      @keydown=${this.#onKey}
    ></div>`;
  }

  #onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  #onPointerMove(event: PointerEvent): void {
    const line = event.currentTarget;
    if (!(line instanceof HTMLElement) || !line.hasPointerCapture(event.pointerId)) return;
    const { left, top, width, height } = this.getBoundingClientRect();
    this.#set(this.#isWide ? (event.clientX - left) / width : (event.clientY - top) / height);
  }

  #onKey(event: KeyboardEvent): void {
    const ratio = this.ratios[this.#side];
    const next = {
      ArrowLeft: ratio - 0.02,
      ArrowUp: ratio - 0.02,
      ArrowRight: ratio + 0.02,
      ArrowDown: ratio + 0.02,
      Home: least,
      End: most,
      Enter: usual[this.#side],
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#set(next);
  }

  #set(ratio: number): void {
    this.ratios = { ...this.ratios, [this.#side]: Math.min(most, Math.max(least, ratio)) };
    this.dispatchEvent(new CustomEvent<SplitRatios>('ratios-change', { detail: this.ratios }));
  }
}
