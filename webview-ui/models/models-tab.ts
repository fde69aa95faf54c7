import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { InspectedModel } from '../../src/shared/inspector-calls.ts';
import '../controls/copy-button.ts';
import { toolButton, toolButtonStyles } from '../controls/tool-button.ts';
import { backendName, formatTokens, nothing as noValue } from '../format.ts';
import { icon, iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { messageOf, type Surroundings } from '../shell/surroundings.ts';
import './model-rules.ts';
import './model-test.ts';
import { modelsTabStyles } from './models-tab-styles.ts';

/** What the active backend lists, and what leads to it. */
@customElement('models-tab')
export class ModelsTab extends LitElement {
  @property({ attribute: false }) accessor surroundings: Surroundings | undefined;
  /** Rises when the models, the default or the rules may be others. */
  @property({ attribute: false }) accessor version = 0;
  @state() accessor #models: readonly InspectedModel[] | undefined;
  @state() accessor #backend = '';
  @state() accessor #problem = '';
  @state() accessor #search = '';
  /** The model that is being tried. */
  @state() accessor #tested = '';

  static override styles = [sharedStyles, iconStyles, toolButtonStyles, modelsTabStyles];

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('version')) void this.#load();
  }

  override render(): TemplateResult {
    const shown = this.#models?.filter((model) => matches(model, this.#search)) ?? [];
    return html`<div class="bar">
        <div class="search">
          ${icon('search')}
          <input
            type="search"
            aria-label=${t('Search models')}
            placeholder=${t('Search models')}
            @input=${({ target }: InputEvent) => {
              if (target instanceof HTMLInputElement) this.#search = target.value;
            }}
          />
        </div>
        <span class="pale"
          >${this.#models ? t('{0} of {1} models, {2}', shown.length, this.#models.length, backendName(this.#backend)) : ''}</span
        >
        ${toolButton({
          icon: 'refresh',
          title: t('Ask for the models anew'),
          run: () => void this.#attempt((call) => call('command', { name: 'refreshModels' })),
        })}
      </div>
      ${this.#problem === '' ? nothing : html`<p class="error" role="alert">${this.#problem}</p>`}
      ${this.#models === undefined || shown.length > 0 ? this.#table(shown) : this.#none()}`;
  }

  #none(): TemplateResult {
    return html`<p class="pale">
      ${this.#models?.length === 0 ? t('The models are not known yet.') : t('No model matches.')}
    </p>`;
  }

  #table(shown: readonly InspectedModel[]): TemplateResult | typeof nothing {
    if (shown.length === 0) return nothing;
    return html`<table aria-label=${t('Models')}>
      <thead>
        <tr>
          <th scope="col">${t('Model')}</th>
          <th scope="col">${t('Abilities')}</th>
          <th scope="col">${t('For')}</th>
          <th scope="col">${t('Other backend')}</th>
          <th scope="col">${t('Names sent here')}</th>
          <th scope="col"><span class="visually-hidden">${t('Actions')}</span></th>
        </tr>
      </thead>
      <tbody>
        ${shown.map((model) => this.#row(model))}
      </tbody>
    </table>`;
  }

  #row(model: InspectedModel): TemplateResult {
    const { id, displayName, aliases, scene, source, otherBackendName } = model;
    const key = keyOf(model);
    const isTested = this.#tested === key;
    return html`<tr>
        <th scope="row">
          ${displayName}
          <span class="pale mono">${[...new Set([id, ...aliases])].filter((name) => name !== displayName).join(' · ')}</span>
        </th>
        <td>${badges(model)}</td>
        <td>${[scene, source].filter(Boolean).join(' · ') || noValue}</td>
        <td class="mono">${otherBackendName ?? noValue}</td>
        <td><model-rules .surroundings=${this.surroundings} .model=${model}></model-rules></td>
        <td class="actions">
          <copy-button .call=${this.surroundings?.call} text=${id} label=${t('Copy {0}', id)}></copy-button>
          ${toolButton({
            icon: model.isDefault ? 'star-full' : 'star-empty',
            title: model.isDefault ? t('Answers by default') : t('Let {0} answer by default', displayName),
            disabled: model.isDefault,
            run: () => void this.#attempt((call) => call('setDefaultModel', { model: id })),
          })}
          ${toolButton({
            icon: 'comment-discussion',
            title: t('Try {0}', displayName),
            pressed: isTested,
            run: () => {
              this.#tested = isTested ? '' : key;
            },
          })}
        </td>
      </tr>
      ${
        isTested
          ? html`<tr>
              <td colspan="6"><model-test .surroundings=${this.surroundings} model=${id}></model-test></td>
            </tr>`
          : nothing
      }`;
  }

  async #load(): Promise<void> {
    try {
      const listed = await this.surroundings?.call('models', {});
      if (!listed) return;
      this.#models = listed.models;
      this.#backend = listed.backend;
      this.#problem = '';
    } catch (error) {
      this.#problem = messageOf(error);
    }
  }

  async #attempt(act: (call: Surroundings['call']) => Promise<unknown>): Promise<void> {
    const { surroundings } = this;
    if (!surroundings) return;
    try {
      await act(surroundings.call);
    } catch (error) {
      surroundings.tell(messageOf(error), 'error');
    }
  }
}

function badges({ isDefault, contextWindow, vision, reasoning }: InspectedModel): TemplateResult {
  const texts = [
    ...(isDefault ? [t('default')] : []),
    ...(contextWindow === undefined ? [] : [formatTokens(contextWindow)]),
    ...(vision === true ? [t('images')] : []),
    ...(reasoning === true ? [t('reasoning')] : []),
  ];
  return html`${texts.map((text) => html`<span class="badge">${text}</span>`)}`;
}

/** A model may be listed for several purposes under one id. */
function keyOf({ id, scene, source = '' }: InspectedModel): string {
  return [source, scene, id].join('\n');
}

function matches(
  { id, displayName, aliases, otherBackendName = '' }: InspectedModel,
  search: string,
): boolean {
  const names = [id, displayName, otherBackendName, ...aliases].join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word));
}
