import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Call } from '../connection.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { detailStyles } from './detail-styles.ts';

/** Edits a request and sends it again. Sends `open-request` with the new one's id, and `close`. */
@customElement('replay-form')
export class ReplayForm extends LitElement {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    detailStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 8px;
        height: 100%;
        padding: 8px 12px;
      }
      p {
        margin: 0;
      }
      textarea {
        flex: 1;
        min-height: 120px;
        resize: none;
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: var(--vscode-editor-font-size, 12px);
      }
      .buttons {
        display: flex;
        gap: 8px;
      }
    `,
  ];

  @property({ attribute: false }) accessor call: Call | undefined;
  @property() accessor requestId = '';
  @state() private accessor text: string | undefined;
  @state() private accessor omitted = 0;
  @state() private accessor problem = '';
  @state() private accessor isSending = false;
  @query('textarea') private accessor field: HTMLTextAreaElement | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('requestId')) void this.#load();
  }

  override render(): TemplateResult {
    const isSendable = this.text !== undefined && this.omitted === 0 && !this.isSending;
    return html`<p class="pale">${t('Edit the request if you like. It goes through the proxy as any other, costs what any other costs, and is marked as a replay.')}</p>
      ${this.omitted > 0 ? html`<p class="warning">${t('This request was too long to be kept whole, so it cannot be sent again.')}</p>` : nothing}
      <textarea aria-label=${t('Body of the request')} spellcheck="false" .value=${this.text ?? ''} ?disabled=${!isSendable} @input=${this.#check}></textarea>
      ${this.problem === '' ? nothing : html`<p class="error" role="alert">${this.problem}</p>`}
      <div class="buttons">
        <button class="button" ?disabled=${!isSendable || this.problem !== ''} @click=${this.#send}>${this.isSending ? t('Sending…') : t('Send again')}</button>
        <button class="button secondary" @click=${() => this.dispatchEvent(new CustomEvent('close'))}>${t('Cancel')}</button>
      </div>`;
  }

  async #load(): Promise<void> {
    const { call, requestId } = this;
    if (!call || requestId === '') return;
    try {
      const { text, omitted } = await call('body', {
        id: requestId,
        part: { pane: 'client', side: 'request' },
      });
      this.omitted = omitted;
      this.text = omitted > 0 ? text : JSON.stringify(JSON.parse(text), null, 2);
    } catch (error) {
      this.problem = messageOf(error);
    }
  }

  readonly #check = (): void => {
    try {
      JSON.parse(this.field?.value ?? '');
      this.problem = '';
    } catch (error) {
      this.problem = t('This is no JSON yet: {0}', messageOf(error));
    }
  };

  readonly #send = async (): Promise<void> => {
    const { call, field } = this;
    if (!call || !field) return;
    this.isSending = true;
    try {
      const { id } = await call('replay', {
        id: this.requestId,
        body: JSON.stringify(JSON.parse(field.value)),
      });
      this.dispatchEvent(new CustomEvent('open-request', { detail: { id }, bubbles: true, composed: true }));
      this.dispatchEvent(new CustomEvent('close'));
    } catch (error) {
      this.problem = messageOf(error);
    } finally {
      this.isSending = false;
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
