import { css } from 'lit';

/** Texts, tool calls and results of a conversation. */
export const conversationStyles = css`
  summary {
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  pre,
  .plain {
    margin: 4px 0;
    padding: 6px 8px;
    overflow: auto;
    max-height: 400px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: var(--vscode-editor-font-size, 12px);
    background: var(--vscode-textCodeBlock-background);
    border-radius: 3px;
  }
  .markdown {
    overflow-wrap: anywhere;
    line-height: 1.5;
  }
  .markdown > :first-child {
    margin-top: 0;
  }
  .markdown > :last-child {
    margin-bottom: 0;
  }
  .markdown p,
  .markdown ul,
  .markdown ol {
    margin-block: 6px;
  }
  .markdown :is(h1, h2, h3, h4) {
    margin-block: 10px 4px;
    font-size: 1.1em;
  }
  .markdown code {
    color: var(--vscode-textPreformat-foreground);
    background: var(--vscode-textPreformat-background);
    padding: 0 3px;
    border-radius: 3px;
  }
  .markdown pre code {
    padding: 0;
    color: inherit;
    background: none;
  }
  .markdown a {
    color: var(--vscode-textLink-foreground);
  }
  .markdown table {
    border-collapse: collapse;
  }
  .markdown :is(th, td) {
    padding: 2px 8px;
    border: 1px solid var(--vscode-panel-border);
  }
`;
