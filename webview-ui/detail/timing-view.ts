import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RequestDetail, TimeSpan } from '../../src/shared/inspector-calls.ts';
import { formatOffset } from '../format.ts';
import { t } from '../localization.ts';
import { sharedStyles } from '../shared-styles.ts';

/** Where the time of a request went: a bar for each part, and the same in figures. */
@customElement('timing-view')
export class TimingView extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        height: 100%;
        overflow: auto;
        padding: 8px 12px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 4px 8px 4px 0;
        text-align: start;
        font-weight: normal;
        white-space: nowrap;
      }
      thead th {
        color: var(--vscode-descriptionForeground);
        border-bottom: 1px solid var(--vscode-panel-border);
      }
      .figure {
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      .bars {
        width: 60%;
        padding-inline-end: 0;
      }
      .track {
        position: relative;
        height: 12px;
        background: var(--vscode-editorWidget-background);
        border-radius: 2px;
      }
      .bar {
        position: absolute;
        top: 0;
        bottom: 0;
        min-width: 2px;
        border-radius: 2px;
        background: var(--vscode-charts-blue);
        outline: 1px solid var(--vscode-contrastBorder, transparent);
      }
      .queue {
        background: var(--vscode-charts-yellow);
      }
      .session {
        background: var(--vscode-charts-purple);
      }
      .first-token {
        background: var(--vscode-charts-orange);
      }
      .stream {
        background: var(--vscode-charts-green);
      }
      ul {
        padding-inline-start: 18px;
      }
      li {
        margin-block: 3px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) accessor detail: RequestDetail | undefined;

  override render(): TemplateResult {
    const { detail } = this;
    if (!detail) return html``;
    const total = Math.max(detail.summary.durationMs, ...detail.timing.map(({ toMs }) => toMs), 1);
    return html`<table>
        <thead><tr><th scope="col">${t('Part')}</th><th scope="col" class="figure">${t('From')}</th><th scope="col" class="figure">${t('Duration')}</th><th></th></tr></thead>
        <tbody>
          ${detail.timing.map((span) => this.#renderSpan(span, total))}
          <tr><th scope="row">${t('Total')}</th><td class="figure">0 ms</td><td class="figure">${formatOffset(detail.summary.durationMs)}</td><td></td></tr>
        </tbody>
      </table>
      ${detail.notes.length === 0 ? nothing : this.#renderNotes(detail)}`;
  }

  #renderSpan(span: TimeSpan, total: number): TemplateResult {
    const { name, fromMs, toMs, text } = span;
    const place = `left:${(fromMs / total) * 100}%;width:${((toMs - fromMs) / total) * 100}%`;
    return html`<tr title=${text ?? nothing}>
      <th scope="row">${spanName(span)}</th>
      <td class="figure">${formatOffset(fromMs)}</td>
      <td class="figure">${formatOffset(toMs - fromMs)}</td>
      <td class="bars" aria-hidden="true"><div class="track"><div class="bar ${name}" .style=${place}></div></div></td>
    </tr>`;
  }

  #renderNotes({ notes }: RequestDetail): TemplateResult {
    return html`<h3>${t('Notes')}</h3>
      <ul>${notes.map(({ atMs, text }) => html`<li><span class="pale">${formatOffset(atMs)}</span> ${text}</li>`)}</ul>`;
  }
}

function spanName({ name, attempt, text }: TimeSpan): string {
  switch (name) {
    case 'queue':
      return t('Waiting for a place');
    case 'session':
      return t('Session');
    case 'first-token':
      return t('Until the first token');
    case 'stream':
      return t('Streaming');
    case 'attempt':
      return t('Attempt {0}: {1}', (attempt ?? 0) + 1, text ?? '');
    default:
      return name satisfies never;
  }
}
