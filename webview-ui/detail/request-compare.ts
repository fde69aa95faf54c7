import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Call } from '../connection.ts';

/** Two requests side by side, by their ids. */
@customElement('request-compare')
export class RequestCompare extends LitElement {
  @property({ attribute: false }) accessor call: Call | undefined;
  @property() accessor left = '';
  @property() accessor right = '';

  override render(): TemplateResult {
    return html`<p>${this.left} ↔ ${this.right}</p>`;
  }
}
