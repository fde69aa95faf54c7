import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Comparison } from '../../src/shared/inspector-calls.ts';
import type { RequestSummary } from '../../src/shared/requests.ts';
import type { Call } from '../connection.ts';
import { formatOffset } from '../format.ts';
import { iconStyles } from '../icon.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { detailStyles } from './detail-styles.ts';
import { VirtualRows, virtualRowStyles } from './virtual-rows.ts';

/** Two requests side by side: what differs, and where the second prompt stopped being the first one. */
@customElement('request-compare')
export class RequestCompare extends LitElement {
  static override readonly styles = [
    sharedStyles,
    iconStyles,
    detailStyles,
    virtualRowStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: 0;
      }
      .facts {
        padding: 8px 12px;
        overflow: auto;
        max-height: 55%;
        flex: none;
      }
      table {
        border-collapse: collapse;
      }
      th,
      td {
        padding: 2px 16px 2px 0;
        text-align: start;
        font-weight: normal;
      }
      tbody th {
        color: var(--vscode-descriptionForeground);
      }
      .differs {
        font-weight: 600;
      }
      .sides {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      pre {
        margin: 4px 0;
        padding: 6px 8px;
        max-height: 160px;
        overflow: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        background: var(--vscode-textCodeBlock-background);
      }
      .rows {
        flex: 1;
        min-height: 100px;
        border-top: 1px solid var(--vscode-panel-border);
      }
      .canvas > * {
        padding-inline: 12px;
        overflow: visible;
      }
      .added {
        background: var(--vscode-diffEditor-insertedTextBackground);
      }
      .removed {
        background: var(--vscode-diffEditor-removedTextBackground);
      }
      .hunk {
        color: var(--vscode-descriptionForeground);
      }
      .empty {
        padding: 12px;
      }
    `,
  ];

  @property({ attribute: false }) accessor call: Call | undefined;
  /** Ids. */
  @property() accessor left = '';
  @property() accessor right = '';
  @state() private accessor comparison: Comparison | undefined;
  @state() private accessor problem = '';
  readonly #rows = new VirtualRows(this, 18);
  #lines: readonly string[] = [];

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('left') || changed.has('right')) void this.#load();
  }

  override render(): TemplateResult {
    const { comparison } = this;
    if (this.problem !== '') return html`<p class="empty error" role="alert">${this.problem}</p>`;
    if (!comparison) return html`<p class="empty pale">${t('Loading…')}</p>`;
    return html`<div class="facts">${this.#renderFacts(comparison)} ${this.#renderPrefix(comparison)}</div>
      <div class="rows mono" tabindex="0" role="document" aria-label=${t('Differences of the two requests')}>
        ${this.#rows.render(this.#lines.length, (index, place) => {
          const line = this.#lines[index] ?? '';
          return html`<div class=${lineClass(line)} .style=${place}>${line}</div>`;
        })}
      </div>`;
  }

  #renderFacts({ left, right }: Comparison): TemplateResult {
    return html`<table>
      <thead><tr><td></td><th scope="col">${left.id}</th><th scope="col">${right.id}</th></tr></thead>
      <tbody>
        ${factsOf(left).map(([name, value], index) => {
          const other = factsOf(right)[index]?.[1] ?? '';
          return html`<tr><th scope="row">${name}</th><td>${value}</td><td class=${value === other ? '' : 'differs'}>${other}</td></tr>`;
        })}
      </tbody>
    </table>`;
  }

  #renderPrefix({ divergence, commonPrefix, shorter }: Comparison): TemplateResult {
    const share = shorter === 0 ? 100 : Math.floor((commonPrefix / shorter) * 100);
    if (!divergence)
      return html`<p>${t('One prompt is the beginning of the other: a cache could use all of the shorter one ({0} characters).', shorter)}</p>`;
    return html`<p>${t('The prompts are the same for {0} characters ({1}% of the shorter one), up to {2}:', commonPrefix, share, divergence.where)}</p>
      <div class="sides"><pre>${divergence.left}</pre><pre>${divergence.right}</pre></div>`;
  }

  async #load(): Promise<void> {
    const { call, left, right } = this;
    if (!call || left === '' || right === '') return;
    try {
      const comparison = await call('compare', { left, right });
      if (left !== this.left || right !== this.right) return;
      this.#lines = comparison.diff === '' ? [] : comparison.diff.split('\n');
      this.comparison = comparison;
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

function factsOf(summary: RequestSummary): readonly (readonly [string, string])[] {
  const {
    time,
    client,
    api,
    modelUsed,
    modelAsked,
    statusCode,
    durationMs,
    inputTokens,
    outputTokens,
    toolCalls,
  } = summary;
  return [
    [t('Time'), new Date(time).toLocaleTimeString()],
    [t('Client'), client],
    ['API', api],
    [t('Model'), modelUsed ?? modelAsked ?? ''],
    [t('Status'), String(statusCode ?? '…')],
    [t('Duration'), formatOffset(durationMs)],
    [t('Tokens in'), inputTokens === undefined ? '' : String(inputTokens)],
    [t('Tokens out'), outputTokens === undefined ? '' : String(outputTokens)],
    [t('Tool calls'), String(toolCalls)],
  ];
}

function lineClass(line: string): string {
  if (line.startsWith('@@') || line.startsWith('+++') || line.startsWith('---')) return 'hunk';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : '';
}
