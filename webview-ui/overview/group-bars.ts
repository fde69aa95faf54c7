import { css, html, type TemplateResult } from 'lit';
import type { OverviewGroup } from '../../src/shared/inspector-calls.ts';
import { styleProperties } from '../controls/style-properties.ts';
import { formatCount, formatTokens } from '../format.ts';
import { t } from '../localization.ts';

/** A table of groups, each with a bar for its part of the requests. */
export function groupBars(title: string, groups: readonly OverviewGroup[], about: string): TemplateResult {
  const most = Math.max(1, ...groups.map(({ requests }) => requests));
  return html`<section>
    <table class="groups" aria-label=${title}>
      <thead>
        <tr>
          <th scope="col">${title}</th>
          <th scope="col" class="numeric">${t('Requests')}</th>
          <th scope="col" class="numeric">${t('Errors')}</th>
          <th scope="col" class="numeric">${t('Tokens in')}</th>
          <th scope="col" class="numeric">${t('Tokens out')}</th>
        </tr>
      </thead>
      <tbody>
        ${groups.map(
          ({ name, requests, errors, inputTokens, outputTokens }) => html`<tr>
            <th scope="row">
              <span class="name" title=${name}>${name === '' ? t('unknown') : name}</span>
              <span class="bar blue" ${styleProperties({ width: `${(requests / most) * 100}%` })}></span>
            </th>
            <td class="numeric">${formatCount(requests)}</td>
            <td class="numeric ${errors > 0 ? 'error' : ''}">${formatCount(errors)}</td>
            <td class="numeric">${about}${formatTokens(inputTokens)}</td>
            <td class="numeric">${about}${formatTokens(outputTokens)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

export const groupBarsStyles = css`
  .groups {
    width: 100%;
    table-layout: fixed;
  }

  .groups th:first-child {
    width: 34%;
  }

  .groups .numeric {
    padding-inline: 2px 4px;
  }

  .name {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .bar {
    display: block;
    height: 3px;
    min-width: 2px;
    border-radius: 2px;
    outline: 1px solid var(--vscode-contrastBorder, transparent);
  }
`;
