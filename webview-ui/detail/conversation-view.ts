import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Conversation, ConversationMessage, RequestDetail } from '../../src/shared/inspector-calls.ts';
import type { Call } from '../connection.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import './conversation-part.ts';
import './folded-text.ts';
import { conversationStyles } from './conversation-styles.ts';
import { detailStyles } from './detail-styles.ts';

/** Messages shown at first, from the end: a person looks at what was just said. */
const shownAtFirst = 30;
const shownMore = 100;

/** A request and its answer as the talk that they are. */
@customElement('conversation-view')
export class ConversationView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    detailStyles,
    conversationStyles,
    css`
      :host {
        display: block;
        height: 100%;
        overflow: auto;
        padding: 8px 12px;
      }
      .message {
        margin: 0 0 12px;
        padding: 4px 0 4px 10px;
        border-inline-start: 3px solid var(--vscode-panel-border);
      }
      .user {
        border-color: var(--vscode-charts-blue);
      }
      .assistant {
        border-color: var(--vscode-charts-green);
      }
      .answer {
        background: var(--vscode-editorWidget-background);
      }
      h3 {
        margin: 0 0 2px;
        font-size: inherit;
      }
    `,
  ];

  @property({ attribute: false }) accessor call: Call | undefined;
  @property({ attribute: false }) accessor detail: RequestDetail | undefined;
  @state() private accessor conversation: Conversation | undefined;
  @state() private accessor problem = '';
  @state() private accessor shown = shownAtFirst;
  #loaded = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('detail')) void this.#load();
  }

  override render(): TemplateResult {
    const { conversation } = this;
    if (this.problem !== '') return html`<p class="error" role="alert">${this.problem}</p>`;
    if (!conversation) return html`<p class="pale">${t('Loading…')}</p>`;
    const { system, tools, messages, incomplete } = conversation;
    const hidden = Math.max(messages.length - this.shown, 0);
    return html`${incomplete === undefined ? nothing : html`<p class="warning">${incomplete}</p>`}
      ${system.length === 0 ? nothing : this.#renderSystem(system)}
      ${tools.length === 0 ? nothing : this.#renderTools(tools)}
      ${hidden === 0 ? nothing : html`<p><button class="button secondary" @click=${this.#showMore}>${t('Show earlier messages ({0})', hidden)}</button></p>`}
      ${repeat(
        messages.slice(hidden),
        (_message, index) => hidden + index,
        (message) => this.#renderMessage(message),
      )}`;
  }

  #renderSystem(system: readonly string[]): TemplateResult {
    const size = system.reduce((sum, { length }) => sum + length, 0);
    return html`<details class="message">
      <summary>${t('System prompt')} <span class="pale">${t('{0} characters', size)}</span></summary>
      ${system.map((text) => html`<folded-text .text=${text}></folded-text>`)}
    </details>`;
  }

  #renderTools(tools: Conversation['tools']): TemplateResult {
    return html`<details class="message">
      <summary>${t('Tools')} <span class="pale">${tools.length}</span></summary>
      ${tools.map(
        ({ name, description, schema }) => html`<details class="tool-definition">
          <summary><code>${name}</code> <span class="pale">${description.split('\n')[0]?.slice(0, 120)}</span></summary>
          <folded-text .text=${description}></folded-text>
          <folded-text .text=${schema} plain></folded-text>
        </details>`,
      )}
    </details>`;
  }

  #renderMessage({ role, isAnswer, content }: ConversationMessage): TemplateResult {
    return html`<section class="message ${role} ${isAnswer ? 'answer' : ''}">
      <h3>${headingOf({ role, isAnswer, content })}</h3>
      ${content.length === 0 ? html`<p class="pale">${t('Nothing was said.')}</p>` : nothing}
      ${content.map((part) => html`<conversation-part .call=${this.call} .content=${part}></conversation-part>`)}
    </section>`;
  }

  async #load(): Promise<void> {
    const { call, detail } = this;
    if (!call || !detail) return;
    const { id, state } = detail.summary;
    if (this.#loaded === `${id} ${state}`) return;
    if (!this.#loaded.startsWith(`${id} `)) this.shown = shownAtFirst;
    this.#loaded = `${id} ${state}`;
    try {
      const conversation = await call('conversation', { id });
      if (this.detail?.summary.id !== id) return;
      this.conversation = conversation;
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  readonly #showMore = (): void => {
    this.shown += shownMore;
  };
}

function headingOf({ role, isAnswer, content }: ConversationMessage): string {
  if (isAnswer) return t('Answer');
  // What a tool said comes in the user's name in most dialects; nobody typed it.
  if (content.length > 0 && content.every(({ type }) => type === 'tool-result')) return t('Tools');
  return roleName(role);
}

function roleName(role: ConversationMessage['role']): string {
  switch (role) {
    case 'user':
      return t('User');
    case 'assistant':
      return t('Assistant');
    case 'system':
      return t('System');
    default:
      return role satisfies never;
  }
}
