import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Surroundings } from '../shell/surroundings.ts';

@customElement('models-tab')
export class ModelsTab extends LitElement {
  @property({ attribute: false }) accessor surroundings: Surroundings | undefined;

  override render(): TemplateResult {
    return html``;
  }
}
