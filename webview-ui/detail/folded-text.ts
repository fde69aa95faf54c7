import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { conversationStyles } from './conversation-styles.ts';
import { detailStyles } from './detail-styles.ts';
import { renderMarkdown } from './markdown.ts';

/** Characters that are shown of a long text at first, and what makes it long. */
const shownAtFirst = 2_000;
const long = 3_000;

/** A text as Markdown, or `plain`; of a long one the beginning, until more is asked for. */
@customElement('folded-text')
export class FoldedText extends LitElement {
  static override readonly styles = [sharedStyles, detailStyles, conversationStyles];

  @property({ attribute: false }) accessor text = '';
  @property({ type: Boolean }) accessor plain = false;
  @state() private accessor isWhole = false;

  override render(): TemplateResult {
    const isCut = !this.isWhole && this.text.length > long;
    const text = isCut ? this.text.slice(0, shownAtFirst) : this.text;
    return html`${this.plain ? html`<div class="plain">${text}</div>` : renderMarkdown(text)}
      ${
        isCut
          ? html`<button class="button secondary" @click=${() => {
              this.isWhole = true;
            }}>${t('Show all {0} characters', this.text.length)}</button>`
          : nothing
      }`;
  }
}
