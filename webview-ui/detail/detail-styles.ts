import { css } from 'lit';
import { toolButtonStyles } from '../controls/tool-button.ts';

/** Buttons, fields and notes as they look in all parts of the detail. */
export const detailStyles = [
  toolButtonStyles,
  css`
  .button {
    padding: 4px 11px;
    border: 1px solid var(--vscode-button-border, transparent);
    border-radius: 4px;
    font: inherit;
    color: var(--vscode-button-foreground);
    background: var(--vscode-button-background);
    cursor: pointer;
  }
  .button:hover:not(:disabled) {
    background: var(--vscode-button-hoverBackground);
  }
  .button.secondary {
    color: var(--vscode-button-secondaryForeground);
    background: var(--vscode-button-secondaryBackground);
  }
  .button.secondary:hover:not(:disabled) {
    background: var(--vscode-button-secondaryHoverBackground);
  }
  .button:disabled {
    opacity: 0.5;
    cursor: default;
  }

  input,
  textarea,
  select {
    padding: 3px 6px;
    border: 1px solid var(--vscode-input-border, var(--vscode-settings-textInputBorder, transparent));
    border-radius: 3px;
    font: inherit;
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
  }
  input::placeholder {
    color: var(--vscode-input-placeholderForeground);
  }

  .warning {
    color: var(--vscode-editorWarning-foreground);
  }
`,
];
