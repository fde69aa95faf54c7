import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { BodyPart, RequestDetail } from '../../src/shared/inspector-calls.ts';
import type { Call } from '../connection.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import './body-pane.ts';
import { detailStyles } from './detail-styles.ts';

type Pane = BodyPart['pane'];
type Side = BodyPart['side'];

const panes: readonly Pane[] = ['client', 'turn', 'upstream'];
/** CSS pixels that three panes need beside each other. */
const wide = 840;

/** The same message on both wires and in between: as the client sent it, as the proxy understood it, as it went upstream. */
@customElement('wire-view')
export class WireView extends LitElement {
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
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        padding: 4px 8px;
        border-bottom: 1px solid var(--vscode-panel-border);
      }
      nav > div {
        display: flex;
        gap: 2px;
      }
      nav .tool {
        padding: 3px 8px;
      }
      .panes {
        flex: 1;
        min-height: 0;
        display: flex;
      }
      body-pane {
        flex: 1;
      }
      body-pane + body-pane {
        border-inline-start: 1px solid var(--vscode-panel-border);
      }
      .nothing {
        flex: 1;
        padding: 8px;
        margin: 0;
      }
    `,
  ];

  @property({ attribute: false }) accessor call: Call | undefined;
  @property({ attribute: false }) accessor detail: RequestDetail | undefined;
  @state() private accessor side: Side = 'request';
  @state() private accessor pane: Pane = 'client';
  @state() private accessor exchange = 0;
  @state() private accessor isWide = true;
  readonly #sizes = new ResizeObserver(([entry]) => {
    if (entry) this.isWide = entry.contentRect.width >= wide;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  override render(): TemplateResult {
    const exchanges = this.detail?.exchanges ?? [];
    return html`<nav>
        ${this.#renderChoice<Side>(t('Direction'), ['request', 'response'], this.side, sideName, (side) => {
          this.side = side;
        })}
        ${
          this.isWide
            ? nothing
            : this.#renderChoice<Pane>(t('Where'), panes, this.pane, paneName, (pane) => {
                this.pane = pane;
              })
        }
        ${
          exchanges.length > 1
            ? html`<label>${t('Upstream request')}
                <select @change=${this.#chooseExchange}>
                  ${exchanges.map(({ statusCode, target }, index) => html`<option value=${index} ?selected=${index === this.exchange}>${index + 1}: ${statusCode ?? '…'} ${target.slice(-40)}</option>`)}
                </select></label>`
            : nothing
        }
      </nav>
      <div class="panes">${(this.isWide ? panes : [this.pane]).map((pane) => this.#renderPane(pane, exchanges.length))}</div>`;
  }

  #renderChoice<Value extends string>(
    label: string,
    values: readonly Value[],
    chosen: Value,
    nameOf: (value: Value) => string,
    choose: (value: Value) => void,
  ): TemplateResult {
    return html`<div role="group" aria-label=${label}>
      ${values.map((value) => html`<button class="tool" aria-pressed=${value === chosen} @click=${() => choose(value)}>${nameOf(value)}</button>`)}
    </div>`;
  }

  #renderPane(pane: Pane, exchanges: number): TemplateResult {
    const { side, detail } = this;
    if (pane === 'upstream' && exchanges === 0)
      return html`<p class="nothing pale">${t('Nothing went upstream for this request.')}</p>`;
    const part: BodyPart = pane === 'upstream' ? { pane, side, exchange: this.exchange } : { pane, side };
    const { id = '', state = '' } = detail?.summary ?? {};
    return html`<body-pane .call=${this.call} requestId=${id} revision=${state} .source=${this.#same(part)} heading=${paneName(pane)}></body-pane>`;
  }

  /** The same object for the same part, so that a pane does not load anew. */
  #same(part: BodyPart): BodyPart {
    const key = JSON.stringify(part);
    const known = this.#parts.get(key) ?? part;
    this.#parts.set(key, known);
    return known;
  }
  readonly #parts = new Map<string, BodyPart>();

  readonly #chooseExchange = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) this.exchange = Number(event.target.value);
  };
}

function sideName(side: Side): string {
  return side === 'request' ? t('Request') : t('Response');
}

function paneName(pane: Pane): string {
  switch (pane) {
    case 'client':
      return t('Client wire');
    case 'turn':
      return t('Internal turn');
    case 'upstream':
      return t('Upstream wire');
    default:
      return pane satisfies never;
  }
}
