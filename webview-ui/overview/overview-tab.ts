import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Overview, OverviewRange, Percentiles } from '../../src/shared/inspector-calls.ts';
import { toolButtonStyles } from '../controls/tool-button.ts';
import { formatCount, formatDuration, formatTokens, nothing as noValue } from '../format.ts';
import { iconStyles } from '../icon.ts';
import { language, t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';
import { messageOf, type Surroundings } from '../shell/surroundings.ts';
import { barChart, barChartStyles } from './bar-chart.ts';
import { groupBars, groupBarsStyles } from './group-bars.ts';

/** Milliseconds between two looks while requests come and go. */
const lookAgainMs = 2_000;
const ranges: readonly OverviewRange[] = ['hour', 'day', 'week'];

/** Sums over the last hour, day or week. */
@customElement('overview-tab')
export class OverviewTab extends LitElement {
  @property({ attribute: false }) accessor surroundings: Surroundings | undefined;
  @property() accessor range: OverviewRange = 'hour';
  /** Rises with each change of the requests. */
  @property({ attribute: false }) accessor version = 0;
  @state() accessor #overview: Overview | undefined;
  @state() accessor #problem = '';
  #lookingAgain: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    sharedStyles,
    iconStyles,
    toolButtonStyles,
    barChartStyles,
    groupBarsStyles,
    css`
      :host {
        display: grid;
        align-content: start;
        gap: 20px;
        padding: 12px 16px 24px;
      }

      .ranges {
        display: flex;
        gap: 4px;
      }

      .sums {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 32px;
        margin: 0;
      }

      .sums dd {
        margin: 0;
        font-size: 1.6em;
      }

      .side-by-side {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
        gap: 20px 32px;
      }

      table {
        border-collapse: collapse;
      }

      th,
      td {
        padding: 3px 8px;
        font-weight: normal;
        text-align: start;
      }

      thead th {
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
        font-weight: 600;
      }

      .numeric {
        text-align: end;
        font-variant-numeric: tabular-nums;
      }

      details {
        margin-top: 4px;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#lookingAgain);
    this.#lookingAgain = undefined;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('range')) void this.#load();
    else if (changed.has('version')) {
      this.#lookingAgain ??= setTimeout(() => {
        this.#lookingAgain = undefined;
        void this.#load();
      }, lookAgainMs);
    }
  }

  override render(): TemplateResult {
    return html`<div class="ranges" role="group" aria-label=${t('Time')}>
        ${ranges.map(
          (range) => html`<button
            type="button"
            class="tool"
            aria-pressed=${range === this.range}
            @click=${() => this.surroundings?.change({ range })}
          >
            ${rangeName(range)}
          </button>`,
        )}
      </div>
      ${this.#problem === '' ? '' : html`<p class="error" role="alert">${this.#problem}</p>`}
      ${this.#overview ? overview(this.#overview) : ''}`;
  }

  async #load(): Promise<void> {
    const { range, surroundings } = this;
    if (!surroundings) return;
    try {
      const loaded = await surroundings.call('overview', { range });
      if (this.range !== range) return;
      this.#overview = loaded;
      this.#problem = '';
    } catch (error) {
      this.#problem = messageOf(error);
    }
  }
}

function overview(shown: Overview): TemplateResult {
  const about = shown.estimated ? '≈ ' : '';
  const { slices } = shown;
  const times = slices.map(({ time }) => timeOf(time, shown.range));
  return html`<dl class="sums">
      ${sum(t('Requests'), formatCount(shown.requests))} ${sum(t('Errors'), formatCount(shown.errors))}
      ${sum(t('Tokens in'), about + formatTokens(shown.inputTokens))}
      ${sum(t('Tokens out'), about + formatTokens(shown.outputTokens))}
    </dl>
    <div class="side-by-side">
      ${barChart({
        title: t('Requests'),
        times,
        format: formatCount,
        series: [
          {
            name: t('answered'),
            color: 'blue',
            values: slices.map(({ requests, errors }) => requests - errors),
          },
          { name: t('failed'), color: 'red', values: slices.map(({ errors }) => errors) },
        ],
      })}
      ${barChart({
        title: t('Tokens'),
        times,
        format: (tokens) => about + formatTokens(tokens),
        series: [
          { name: t('input'), color: 'purple', values: slices.map(({ inputTokens }) => inputTokens) },
          { name: t('output'), color: 'green', values: slices.map(({ outputTokens }) => outputTokens) },
        ],
      })}
    </div>
    <div class="side-by-side">
      ${groupBars(t('By model'), shown.byModel, about)} ${groupBars(t('By client'), shown.byClient, about)}
      ${percentiles(shown)}
    </div>`;
}

function sum(name: string, value: string): TemplateResult {
  return html`<div><dt class="pale">${name}</dt><dd>${value}</dd></div>`;
}

function percentiles({ latencyMs, firstTokenMs }: Overview): TemplateResult {
  const row = (name: string, { average, p50, p95, max }: Percentiles) => html`<tr>
    <th scope="row">${name}</th>
    ${[average, p50, p95, max].map(
      (value) => html`<td class="numeric">${value === null ? noValue : formatDuration(value)}</td>`,
    )}
  </tr>`;
  return html`<section>
    <table aria-label=${t('Times')}>
      <thead>
        <tr>
          <th scope="col">${t('Times')}</th>
          <th scope="col" class="numeric">${t('Average')}</th>
          <th scope="col" class="numeric">P50</th>
          <th scope="col" class="numeric">P95</th>
          <th scope="col" class="numeric">${t('Longest')}</th>
        </tr>
      </thead>
      <tbody>
        ${row(t('Whole answer'), latencyMs)} ${row(t('First token'), firstTokenMs)}
      </tbody>
    </table>
  </section>`;
}

function rangeName(range: OverviewRange): string {
  switch (range) {
    case 'hour':
      return t('Hour');
    case 'day':
      return t('Day');
    case 'week':
      return t('Week');
    default:
      return range satisfies never;
  }
}

function timeOf(iso: string, range: OverviewRange): string {
  const options: Intl.DateTimeFormatOptions =
    range === 'week'
      ? { month: 'short', day: 'numeric', hour: '2-digit', hourCycle: 'h23' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return new Date(iso).toLocaleString(language(), options);
}
