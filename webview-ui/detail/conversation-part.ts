import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConversationPart } from '../../src/shared/inspector-calls.ts';
import type { Call } from '../connection.ts';
import '../controls/copy-button.ts';
import { formatBytes } from '../format.ts';
import { icon, iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import './folded-text.ts';
import { conversationStyles } from './conversation-styles.ts';
import { detailStyles } from './detail-styles.ts';

type Part<Type extends ConversationPart['type']> = Extract<ConversationPart, { readonly type: Type }>;

/** One thing that was said: a text, a thought, an image, a tool call or its result. */
@customElement('conversation-part')
export class ConversationPartView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    detailStyles,
    conversationStyles,
    css`
      :host {
        display: block;
        margin-block: 4px;
      }
      .card {
        border: 1px solid var(--vscode-panel-border);
        border-radius: 4px;
        padding: 4px 8px;
      }
      .card.failed {
        border-color: var(--vscode-inputValidation-errorBorder);
      }
      .title {
        display: flex;
        align-items: center;
        gap: 6px;
        overflow-wrap: anywhere;
      }
      .title .id {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        /* Underscores of a monospaced font reach below its line. */
        padding-block-end: 2px;
      }
      .image {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
    `,
  ];

  @property({ attribute: false }) accessor call: Call | undefined;
  @property({ attribute: false }) accessor content: ConversationPart | undefined;

  override render(): TemplateResult {
    const { content: part } = this;
    if (!part) return html``;
    switch (part.type) {
      case 'text':
        return html`<folded-text .text=${part.text}></folded-text>`;
      case 'reasoning':
        return html`<details><summary class="pale">${t('Reasoning')}</summary><folded-text .text=${part.text}></folded-text></details>`;
      case 'image':
        return this.#renderImage(part);
      case 'tool-call':
        return this.#renderCall(part);
      case 'tool-result':
        return this.#renderResult(part);
      default:
        return part satisfies never;
    }
  }

  #renderImage({ mediaType, bytes, width, height, url }: Part<'image'>): TemplateResult {
    const facts = [
      mediaType,
      width === undefined || height === undefined ? undefined : `${width} × ${height}`,
      bytes === undefined ? undefined : formatBytes(bytes),
      url,
    ].filter((fact) => fact !== undefined);
    return html`<span class="card image">${icon('file-media')} ${t('Image')} <span class="pale">${facts.join(' · ')}</span></span>`;
  }

  #renderCall({ name, id, input }: Part<'tool-call'>): TemplateResult {
    return html`<div class="card">
      <div class="title">${icon('tools')} <code>${name}</code> <span class="pale id mono">${id}</span> <copy-button .call=${this.call} .text=${input} label=${t('Copy')}></copy-button></div>
      <folded-text .text=${pretty(input)} plain></folded-text>
    </div>`;
  }

  #renderResult({ callId, isError, content }: Part<'tool-result'>): TemplateResult {
    return html`<div class="card ${isError ? 'failed' : ''}">
      <div class="title">
        ${icon(isError ? 'error' : 'output')} <span>${isError ? t('Result: an error') : t('Result')}</span>
        <span class="pale id mono">${callId}</span>
      </div>
      ${content.length === 0 ? html`<span class="pale">${t('empty')}</span>` : nothing}
      ${content.map((part) =>
        part.type === 'text'
          ? html`<folded-text .text=${part.text} plain></folded-text>`
          : html`<conversation-part .call=${this.call} .content=${part}></conversation-part>`,
      )}
    </div>`;
  }
}

/** JSON with line breaks; any other text as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
