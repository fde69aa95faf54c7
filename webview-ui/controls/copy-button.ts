import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Call } from '../connection.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { toolButton, toolButtonStyles } from './tool-button.ts';

/** Milliseconds for which it shows that it has copied. */
const copiedMs = 2_000;

/** Copies a text, and shows that it has. */
@customElement('copy-button')
export class CopyButton extends LitElement {
  @property({ attribute: false }) accessor call: Call | undefined;
  @property() accessor text = '';
  /** What it says of itself. */
  @property() accessor label = '';
  @state() accessor #hasCopied = false;

  static override styles = [sharedStyles, iconStyles, toolButtonStyles];

  override render(): TemplateResult {
    return html`${toolButton({
      icon: this.#hasCopied ? 'check' : 'copy',
      title: this.label,
      run: () => void this.#copy(),
    })}<span class="visually-hidden" role="status">${this.#hasCopied ? t('Copied') : ''}</span>`;
  }

  async #copy(): Promise<void> {
    await this.call?.('copy', { text: this.text });
    this.#hasCopied = true;
    setTimeout(() => {
      this.#hasCopied = false;
    }, copiedMs);
  }
}
