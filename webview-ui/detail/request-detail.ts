import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Call } from '../connection.ts';

/** All of one request. */
@customElement('request-detail')
export class RequestDetail extends LitElement {
  @property({ attribute: false }) accessor call: Call | undefined;
  @property() accessor requestId = '';

  override render(): TemplateResult {
    return html`<p>${this.requestId}</p>`;
  }
}
