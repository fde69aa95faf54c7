import { css } from 'lit';

/** Pixels. */
export const rowHeight = 24;
export const headerHeight = 28;

export const requestTableStyles = css`
  :host {
    display: grid;
    min-height: 0;
  }

  .grid {
    position: relative;
    overflow: hidden auto;
    scrollbar-gutter: stable;
    contain: strict;
    outline-offset: -1px;
  }

  /* The line where the keyboard is shows it. */
  .grid:focus-visible {
    outline: none;
  }

  .headings,
  .row {
    display: grid;
    grid-template-columns: var(--columns);
  }

  .header {
    position: sticky;
    top: 0;
    z-index: 1;
    height: 28px;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    background: var(--vscode-editor-background);
  }

  .headings {
    height: 100%;
  }

  .heading {
    position: relative;
    min-width: 0;
  }

  .heading button {
    display: flex;
    align-items: center;
    gap: 2px;
    width: 100%;
    height: 100%;
    padding: 0 8px;
    border: 0;
    background: none;
    color: var(--vscode-foreground);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }

  .heading button span:first-child {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .heading button:hover {
    background: var(--vscode-list-hoverBackground);
  }

  .numeric button {
    justify-content: flex-end;
  }

  .grip {
    position: absolute;
    z-index: 1;
    inset: 4px -3px 4px auto;
    width: 6px;
    cursor: col-resize;
    touch-action: none;
  }

  .grip.at-start {
    inset: 4px auto 4px -3px;
  }

  .grip::after {
    content: '';
    position: absolute;
    inset: 0 2px;
    background: var(--vscode-tree-tableColumnsBorder, transparent);
  }

  .grip:hover::after {
    background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder));
  }

  .body {
    position: relative;
  }

  .row {
    position: absolute;
    inset: 0 0 auto;
    height: 24px;
    line-height: 24px;
    cursor: pointer;
    contain: layout style paint;
  }

  .cell {
    min-width: 0;
    padding: 0 8px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .cell .codicon {
    vertical-align: text-bottom;
  }

  .numeric.cell {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }

  .in-session > .cell:first-child {
    padding-inline-start: 24px;
  }

  .row:hover {
    background: var(--vscode-list-hoverBackground);
    color: var(--vscode-list-hoverForeground, inherit);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }

  .row.selected {
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
    outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }

  .grid:focus .row.selected {
    background: var(--vscode-list-activeSelectionBackground);
    color: var(--vscode-list-activeSelectionForeground);
  }

  .grid:focus .row.selected .pale,
  .grid:focus .row.selected .done,
  .grid:focus .row.selected .failed,
  .grid:focus .row.selected .warning {
    color: inherit;
  }

  .grid:focus-visible .row.active {
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
    outline-offset: -1px;
  }

  .session {
    grid-template-columns: minmax(0, 1fr);
    font-weight: 600;
  }

  .session .pale {
    font-weight: normal;
  }

  .done {
    color: var(--vscode-testing-iconPassed, inherit);
  }

  .failed {
    color: var(--vscode-testing-iconFailed, var(--vscode-errorForeground));
  }

  .warning {
    color: var(--vscode-list-warningForeground, inherit);
  }
`;
