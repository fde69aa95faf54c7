import codicons from '@vscode/codicons/dist/codicon.css' with { type: 'text' };
import { html, type TemplateResult, unsafeCSS } from 'lit';

/** Styles of `icon`: for the `static styles` of a component that shows one. The font is in the page's own style sheet. */
export const iconStyles = unsafeCSS(codicons);

/** A codicon by its name, such as `error` or `loading`. It says nothing to a screen reader: the words are next to it. */
export function icon(name: string, options: { readonly spin?: boolean } = {}): TemplateResult {
  const spin = options.spin === true ? ' codicon-modifier-spin' : '';
  return html`<span class="codicon codicon-${name}${spin}" aria-hidden="true"></span>`;
}
