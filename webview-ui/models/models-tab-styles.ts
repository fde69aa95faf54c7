import { css } from 'lit';

export const modelsTabStyles = css`
  :host {
    display: block;
    padding: 8px 12px 24px;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-bottom: 8px;
  }

  .search {
    display: flex;
    flex: 0 1 320px;
    align-items: center;
    gap: 4px;
    height: 24px;
    padding: 0 6px;
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
    border-radius: 4px;
    background: var(--vscode-input-background);
  }

  .search:focus-within {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }

  .search input {
    flex: 1;
    min-width: 0;
    border: 0;
    outline: none;
    background: none;
    color: var(--vscode-input-foreground);
    font: inherit;
  }

  .search input::placeholder {
    color: var(--vscode-input-placeholderForeground);
  }

  table {
    width: 100%;
    border-collapse: collapse;
  }

  th,
  td {
    padding: 5px 8px;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    font-weight: normal;
    text-align: start;
    vertical-align: top;
    overflow-wrap: anywhere;
  }

  thead th {
    font-weight: 600;
    white-space: nowrap;
  }

  tbody tr:hover {
    background: var(--vscode-list-hoverBackground);
  }

  tbody th {
    min-width: 140px;
  }

  th .mono {
    display: block;
  }

  .badge {
    display: inline-block;
    margin: 0 4px 2px 0;
    padding: 1px 6px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 9px;
    background: var(--vscode-badge-background);
    color: var(--vscode-badge-foreground);
    white-space: nowrap;
  }

  .actions {
    white-space: nowrap;
  }

  @container (max-width: 640px) {
    th:nth-child(3),
    td:nth-child(3):not([colspan]),
    th:nth-child(4),
    td:nth-child(4) {
      display: none;
    }
  }
`;
