/** Variables and body classes that VS Code gives a webview in each kind of theme. */
export const themes = {
  light: { className: 'vscode-light', variables: {} },
  dark: { className: 'vscode-dark', variables: {} },
  'high-contrast': { className: 'vscode-high-contrast', variables: {} },
} as const;
export type Theme = keyof typeof themes;
