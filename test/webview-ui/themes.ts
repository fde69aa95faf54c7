import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What VS Code gives a webview in each kind of theme, as its version 1.139 did: variables of the document, and a class of its body. */
export const themeNames = ['light', 'dark', 'high-contrast', 'high-contrast-light'] as const;
export type ThemeName = (typeof themeNames)[number];

export interface Theme {
  readonly className: string;
  readonly variables: Readonly<Record<string, string>>;
}

export function readTheme(name: ThemeName): Theme {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'themes', `${name}.json`), 'utf8'));
}
