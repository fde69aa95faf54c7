import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Connection } from '../connection.ts';
import '../detail/request-compare.ts';
import '../detail/request-detail.ts';

/** The whole page. */
@customElement('inspector-app')
export class InspectorApp extends LitElement {
  @property({ attribute: false }) accessor connection: Connection | undefined;

  override firstUpdated(): void {
    this.connection?.ready();
  }

  override render(): TemplateResult {
    return html`<request-detail .call=${this.connection?.call}></request-detail>`;
  }
}
