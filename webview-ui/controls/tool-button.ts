import { css, html, nothing, type TemplateResult } from 'lit';
import { icon } from '../icon.ts';

export interface ToolButton {
  readonly icon: string;
  /** What it does: the name for screen readers and the hover. */
  readonly title: string;
  /** Shown next to the icon. */
  readonly label?: string;
  /** For one that switches something on and off. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly run: (event: Event) => void;
}

/** A button of a toolbar, as VS Code's own look. */
export function toolButton({ icon: name, title, label, pressed, disabled, run }: ToolButton): TemplateResult {
  return html`<button
    type="button"
    class="tool"
    title=${title}
    aria-label=${title}
    aria-pressed=${pressed ?? nothing}
    ?disabled=${disabled ?? false}
    @click=${run}
  >${icon(name)}${label === undefined ? nothing : html`<span class="tool-label">${label}</span>`}</button>`;
}

/** Needs `iconStyles` beside it. */
export const toolButtonStyles = css`
  .tool {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    height: 22px;
    padding: 0 4px;
    border: 1px solid transparent;
    border-radius: 5px;
    background: none;
    color: var(--vscode-icon-foreground, var(--vscode-foreground));
    font: inherit;
    cursor: pointer;
    white-space: nowrap;
  }

  .tool:hover:not(:disabled) {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-toolbar-hoverOutline, transparent);
    outline-offset: -1px;
  }

  .tool:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }

  .tool[aria-pressed='true'] {
    border-color: var(--vscode-inputOption-activeBorder, transparent);
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
  }

  .tool:disabled {
    color: var(--vscode-disabledForeground);
    cursor: default;
  }
`;
