import { css, html, type TemplateResult } from 'lit';
import type { Call } from '../connection.ts';
import { toolButton } from '../controls/tool-button.ts';
import '../detail/request-compare.ts';
import '../detail/request-detail.ts';
import { t } from '../localization.ts';

interface DetailPane {
  readonly call: Call;
  /** The request that is shown. */
  readonly id: string;
  /** Two requests that are shown instead. */
  readonly compared: { readonly left: string; readonly right: string } | undefined;
  readonly close: () => void;
  readonly openRequest: (id: string) => void;
}

/** What is chosen in the list, with a way to close it. */
export function detailPane({ call, id, compared, close, openRequest }: DetailPane): TemplateResult {
  const closeButton = toolButton({ icon: 'close', title: t('Close'), run: close });
  const onOpen = ({ detail }: CustomEvent<{ readonly id: string }>) => openRequest(detail.id);
  if (compared) {
    return html`<header>${t('Comparison')}${closeButton}</header>
      <request-compare
        .call=${call}
        .left=${compared.left}
        .right=${compared.right}
        @open-request=${onOpen}
      ></request-compare>`;
  }
  return html`<header><span class="mono">${id}</span>${closeButton}</header>
    <request-detail .call=${call} .requestId=${id} @open-request=${onOpen}></request-detail>`;
}

/** Needs the styles of a tool button beside it. */
export const detailPaneStyles = css`
  .detail {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }

  .detail header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    height: 28px;
    padding: 0 4px 0 8px;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }

  request-detail,
  request-compare {
    min-width: 0;
    min-height: 0;
    overflow: auto;
  }
`;
