import { css, html, nothing, type TemplateResult } from 'lit';
import { backendName, formatCount } from '../format.ts';
import { icon } from '../icon.ts';
import { t } from '../localization.ts';
import type { ProxyNotice } from './surroundings.ts';

export interface StatusLine {
  readonly proxy: ProxyNotice | undefined;
  /** What has just been done, or went wrong. */
  readonly message: { readonly text: string; readonly severity: 'info' | 'error' } | undefined;
  readonly total: number;
  readonly errors: number;
  /** Of the list, while it is shown. */
  readonly shown: number | undefined;
  readonly selected: number;
}

/** The line at the lower edge: the proxy, how many requests there are, and what has just been done. */
export function statusLine({ proxy, message, total, errors, shown, selected }: StatusLine): TemplateResult {
  return html`<footer>
    <span>${proxyText(proxy)}</span>
    ${
      proxy?.running === true
        ? html`<span>${requestCount(shown, total)}</span>
            ${errors === 0 ? nothing : html`<span>${icon('error')} ${t('{0} with errors', formatCount(errors))}</span>`}
            ${selected < 2 ? nothing : html`<span>${t('{0} selected', formatCount(selected))}</span>`}`
        : nothing
    }
    <span class="message ${message?.severity ?? ''}" role="status">${message?.text ?? ''}</span>
  </footer>`;
}

function requestCount(shown: number | undefined, total: number): string {
  if (shown !== undefined && shown !== total) {
    return t('{0} of {1} requests', formatCount(shown), formatCount(total));
  }
  return total === 1 ? t('1 request') : t('{0} requests', formatCount(total));
}

function proxyText(proxy: ProxyNotice | undefined): string {
  if (!proxy) return '';
  if (!proxy.running) return t('The proxy is off');
  const parts = [proxy.url ?? '', ...(proxy.backend === undefined ? [] : [backendName(proxy.backend)])];
  return [...parts, ...(proxy.attached ? [t('run by another window')] : [])].join(' · ');
}

/** Needs `iconStyles` beside it. */
export const statusLineStyles = css`
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    min-height: 22px;
    padding: 2px 8px;
    border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    color: var(--vscode-descriptionForeground);
  }

  footer .codicon {
    vertical-align: text-bottom;
  }

  .message {
    margin-inline-start: auto;
    color: var(--vscode-foreground);
  }

  .message.error {
    color: var(--vscode-errorForeground);
  }
`;
