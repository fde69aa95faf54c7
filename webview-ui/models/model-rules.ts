import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { InspectedModel } from '../../src/shared/inspector-calls.ts';
import { toolButton, toolButtonStyles } from '../controls/tool-button.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { messageOf, type Surroundings } from '../shell/surroundings.ts';

/** The names that a person's own rules lead to a model: each can be taken away, and others added. */
@customElement('model-rules')
export class ModelRules extends LitElement {
  @property({ attribute: false }) accessor surroundings: Surroundings | undefined;
  @property({ attribute: false }) accessor model: InspectedModel | undefined;
  @state() accessor #isAdding = false;

  static override styles = [
    sharedStyles,
    iconStyles,
    toolButtonStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 6px;
      }

      .rule {
        display: inline-flex;
        align-items: center;
        padding-inline-start: 6px;
        border-radius: 4px;
        background: var(--vscode-badge-background);
        color: var(--vscode-badge-foreground);
        border: 1px solid var(--vscode-contrastBorder, transparent);
      }

      .rule .tool {
        color: inherit;
      }

      input {
        width: 130px;
        height: 24px;
        padding: 0 6px;
        border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
        border-radius: 4px;
        background: var(--vscode-input-background);
        color: var(--vscode-input-foreground);
        font: inherit;
      }

      input::placeholder {
        color: var(--vscode-input-placeholderForeground);
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { model } = this;
    if (!model) return nothing;
    return html`${model.mappedFrom.map(
      (name) => html`<span class="rule mono"
          >${name}${toolButton({
            icon: 'close',
            title: t('Send {0} here no more', name),
            run: () => void this.#map(name, ''),
          })}</span>`,
    )}${this.#isAdding ? this.#field(model) : this.#addButton(model)}`;
  }

  override updated(): void {
    this.shadowRoot?.querySelector('input')?.focus();
  }

  #addButton({ displayName }: InspectedModel): TemplateResult {
    return toolButton({
      icon: 'add',
      title: t('Send another name to {0}', displayName),
      run: () => {
        this.#isAdding = true;
      },
    });
  }

  #field({ id, displayName }: InspectedModel): TemplateResult {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') this.#isAdding = false;
      if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
      const name = event.target.value.trim();
      this.#isAdding = false;
      if (name !== '') void this.#map(name, id);
    };
    return html`<input
      aria-label=${t('Name to send to {0}', displayName)}
      title=${t('Enter adds it, Escape leaves it. * stands for anything.')}
      placeholder=${t('such as {0}', 'gpt-5*')}
      spellcheck="false"
      @keydown=${onKey}
    />`;
  }

  async #map(name: string, model: string): Promise<void> {
    const { surroundings } = this;
    try {
      await surroundings?.call('mapModel', { name, model });
      surroundings?.tell(
        model === ''
          ? t('{0} is sent nowhere in particular any more', name)
          : t('{0} is sent to {1}', name, model),
      );
    } catch (error) {
      surroundings?.tell(messageOf(error), 'error');
    }
  }
}
