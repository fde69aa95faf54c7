import { html, type TemplateResult } from 'lit';

/** The text with all occurrences of a query marked, whatever the letter case. */
export function highlighted(text: string, query: string): string | TemplateResult[] {
  if (query === '') return text;
  const parts = text.split(new RegExp(`(${query.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)})`, 'gi'));
  if (parts.length === 1) return text;
  return parts.map((part, index) => (index % 2 === 0 ? html`${part}` : html`<mark>${part}</mark>`));
}
