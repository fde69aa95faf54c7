import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { InspectorOutput } from '../../src/shared/inspector-calls.ts';
import { formatDuration } from '../format.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { messageOf, type Surroundings } from '../shell/surroundings.ts';

type State =
  | { readonly kind: 'idle' | 'asking' }
  | { readonly kind: 'answered'; readonly answer: InspectorOutput<'testModel'> }
  | { readonly kind: 'failed'; readonly message: string };

/** Asks one model a short question, and shows its answer and how long it took. */
@customElement('model-test')
export class ModelTest extends LitElement {
  @property({ attribute: false }) accessor surroundings: Surroundings | undefined;
  @property() accessor model = '';
  @state() accessor #state: State = { kind: 'idle' };

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: 8px;
        padding: 8px;
      }

      .ask {
        display: flex;
        gap: 8px;
      }

      input {
        flex: 1 1 auto;
        min-width: 80px;
        height: 26px;
        padding: 0 6px;
        border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
        border-radius: 4px;
        background: var(--vscode-input-background);
        color: var(--vscode-input-foreground);
        font: inherit;
      }

      .answer {
        margin: 0;
        padding-inline-start: 8px;
        border-inline-start: 2px solid var(--vscode-textBlockQuote-border, currentColor);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      a {
        color: var(--vscode-textLink-foreground);
      }
    `,
  ];

  override firstUpdated(): void {
    this.shadowRoot?.querySelector('input')?.focus();
  }

  override render(): TemplateResult {
    const isAsking = this.#state.kind === 'asking';
    return html`<form class="ask" @submit=${this.#onSubmit}>
        <input aria-label=${t('Question to {0}', this.model)} .defaultValue=${t('Say hello in five words.')} />
        <vscode-button ?disabled=${isAsking} @click=${() => void this.#ask()}>${t('Ask')}</vscode-button>
      </form>
      <div role="status">${this.#result()}</div>`;
  }

  #result(): TemplateResult | typeof nothing {
    const state = this.#state;
    switch (state.kind) {
      case 'idle':
        return nothing;
      case 'asking':
        return html`<vscode-progress-ring></vscode-progress-ring><span class="visually-hidden">${t('running')}</span>`;
      case 'failed':
        return html`<span class="error">${state.message}</span>`;
      case 'answered':
        return this.#answer(state.answer);
      default:
        return state satisfies never;
    }
  }

  #answer({ id, text, durationMs, firstTokenMs }: InspectorOutput<'testModel'>): TemplateResult {
    const times = [
      ...(firstTokenMs === undefined ? [] : [t('first token after {0}', formatDuration(firstTokenMs))]),
      t('{0} in all', formatDuration(durationMs)),
    ];
    const open = (event: Event) => {
      event.preventDefault();
      this.surroundings?.openRequest(id);
    };
    return html`<p class="answer">${text}</p>
      <span class="pale">${times.join(' · ')} · <a href="#" @click=${open}>${t('Show the request')}</a></span>`;
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const prompt = this.shadowRoot?.querySelector('input')?.value.trim() ?? '';
    if (!this.surroundings || prompt === '' || this.#state.kind === 'asking') return;
    this.#state = { kind: 'asking' };
    try {
      const answer = await this.surroundings.call('testModel', { model: this.model, prompt });
      this.#state = { kind: 'answered', answer };
    } catch (error) {
      this.#state = { kind: 'failed', message: messageOf(error) };
    }
  }
}
