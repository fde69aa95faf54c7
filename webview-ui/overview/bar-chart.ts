import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { t } from '../localization.ts';

export interface ChartSeries {
  readonly name: string;
  /** A name of a theme's chart colours. */
  readonly color: 'blue' | 'red' | 'green' | 'purple';
  /** One value a slice, oldest first. */
  readonly values: readonly number[];
}

interface BarChart {
  readonly title: string;
  /** When each slice began. */
  readonly times: readonly string[];
  /** They stand on each other, the first at the bottom. */
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
}

/** Pixels of the drawing, which is as wide as its slices are many. */
const height = 100;

/** Bars over time, with the same in words and as a table. */
export function barChart(chart: BarChart): TemplateResult {
  const { title, times, series, format } = chart;
  const totals = times.map((_, index) => sum(series.map(({ values }) => values[index] ?? 0)));
  const highest = Math.max(1, ...totals);
  return html`<figure>
    <figcaption>
      <strong>${title}</strong>
      ${series.map(
        ({ name, color, values }) =>
          html`<span class="key"><span class="swatch ${color}"></span>${name} ${format(sum(values))}</span>`,
      )}
    </figcaption>
    <div class="plot">
      <span class="highest pale">${format(highest)}</span>
      <svg viewBox="0 0 ${Math.max(1, times.length)} ${height}" preserveAspectRatio="none" role="img" aria-label=${inWords(chart, totals)}>
        ${times.map((time, index) => bars(index, `${time}: ${spoken(chart, index)}`, series, highest))}
      </svg>
    </div>
    <div class="times pale">
      <span>${times[0] ?? ''}</span><span>${times[Math.floor(times.length / 2)] ?? ''}</span
      ><span>${times.at(-1) ?? ''}</span>
    </div>
    ${asTable(chart)}
  </figure>`;
}

function bars(index: number, words: string, series: readonly ChartSeries[], highest: number): TemplateResult {
  let top = height;
  return svg`<g><title>${words}</title><rect class="room" x=${index} y="0" width="1" height=${height}></rect>${series.map(
    ({ color, values }) => {
      const size = ((values[index] ?? 0) / highest) * height;
      top -= size;
      return size === 0
        ? nothing
        : svg`<rect class=${color} x=${index + 0.1} y=${top} width="0.8" height=${size}></rect>`;
    },
  )}</g>`;
}

function asTable({ title, times, series, format }: BarChart): TemplateResult {
  const rows = times.flatMap((time, index) =>
    series.some(({ values }) => (values[index] ?? 0) > 0) ? [{ time, index }] : [],
  );
  return html`<details>
    <summary>${t('As a table')}</summary>
    <table aria-label=${title}>
      <thead>
        <tr>
          <th scope="col">${t('Time')}</th>
          ${series.map(({ name }) => html`<th scope="col" class="numeric">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ time, index }) => html`<tr>
            <th scope="row">${time}</th>
            ${series.map(({ values }) => html`<td class="numeric">${format(values[index] ?? 0)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

function inWords({ title, times, series, format }: BarChart, totals: readonly number[]): string {
  const sums = series.map(({ name, values }) => `${name} ${format(sum(values))}`).join(', ');
  const highest = Math.max(0, ...totals);
  if (highest === 0) return `${title}: ${sums}`;
  const at = times[totals.indexOf(highest)] ?? '';
  return `${title}: ${sums}. ${t('At most {0}, at {1}.', format(highest), at)}`;
}

function spoken({ series, format }: BarChart, index: number): string {
  return series.map(({ name, values }) => `${name} ${format(values[index] ?? 0)}`).join(', ');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export const barChartStyles = css`
  figure {
    margin: 0;
  }

  figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    margin-bottom: 6px;
  }

  .key {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }

  .swatch {
    width: 10px;
    height: 10px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 2px;
  }

  .plot {
    position: relative;
  }

  .highest {
    position: absolute;
    inset: 0 auto auto 2px;
    pointer-events: none;
  }

  svg {
    display: block;
    width: 100%;
    height: 96px;
    border-bottom: 1px solid var(--vscode-charts-lines, var(--vscode-foreground));
  }

  .room {
    fill: transparent;
  }

  g:hover .room {
    fill: var(--vscode-list-hoverBackground);
  }

  .blue {
    --color: var(--vscode-charts-blue);
  }

  .red {
    --color: var(--vscode-charts-red);
  }

  .green {
    --color: var(--vscode-charts-green);
  }

  .purple {
    --color: var(--vscode-charts-purple);
  }

  rect:not(.room) {
    fill: var(--color);
  }

  .swatch,
  .bar {
    background: var(--color);
  }

  .times {
    display: flex;
    justify-content: space-between;
    margin-top: 2px;
  }
`;
