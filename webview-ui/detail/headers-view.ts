import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RequestDetail } from '../../src/shared/inspector-calls.ts';
import type { Call } from '../connection.ts';
import '../controls/copy-button.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { detailStyles } from './detail-styles.ts';

type Headers = Readonly<Record<string, string>>;

/** The headers of both wires. Secrets were taken out before they came here. */
@customElement('headers-view')
export class HeadersView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    detailStyles,
    css`
      :host {
        display: block;
        height: 100%;
        overflow: auto;
        padding: 4px 12px 12px;
      }
      h3 {
        display: flex;
        align-items: center;
        gap: 6px;
        margin: 12px 0 4px;
        font-size: inherit;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 3px 8px 3px 0;
        text-align: start;
        vertical-align: top;
        font-weight: normal;
        border-bottom: 1px solid var(--vscode-panel-border);
      }
      th {
        width: 30%;
        min-width: 120px;
        overflow-wrap: anywhere;
        color: var(--vscode-descriptionForeground);
      }
      td {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) accessor call: Call | undefined;
  @property({ attribute: false }) accessor detail: RequestDetail | undefined;

  override render(): TemplateResult {
    const { detail } = this;
    if (!detail) return html``;
    const { summary, exchanges } = detail;
    return html`${this.#renderTable(t('Request'), `${summary.method} ${summary.path}`, detail.requestHeaders)}
      ${this.#renderTable(t('Response'), String(summary.statusCode ?? ''), detail.responseHeaders)}
      ${exchanges.map(
        (exchange, index) => html`
          ${this.#renderTable(t('Upstream request {0}', index + 1), `${exchange.method} ${exchange.target}`, exchange.requestHeaders)}
          ${this.#renderTable(t('Upstream response {0}', index + 1), String(exchange.statusCode ?? ''), exchange.responseHeaders)}`,
      )}`;
  }

  #renderTable(title: string, firstLine: string, headers: Headers): TemplateResult {
    const entries = Object.entries(headers);
    const text = entries.map(([name, value]) => `${name}: ${value}`).join('\n');
    return html`<section>
      <h3>${title} ${entries.length > 0 ? html`<copy-button .call=${this.call} .text=${text} label=${t('Copy headers')}></copy-button>` : nothing}</h3>
      ${firstLine === '' ? nothing : html`<code>${firstLine}</code>`}
      ${
        entries.length === 0
          ? html`<p class="pale">${t('No headers.')}</p>`
          : html`<table>
              ${entries.map(([name, value]) => html`<tr><th scope="row" class="mono">${name}</th><td class="mono">${value}</td></tr>`)}
            </table>`
      }
    </section>`;
  }
}
