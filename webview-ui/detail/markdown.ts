import { html, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import markdownIt from 'markdown-it';

/** Foreign text: no HTML of its own, no images to fetch, and only links that a browser may follow. */
const markdown = markdownIt({ html: false, linkify: false, breaks: true }).disable('image');
markdown.validateLink = (url) => /^https?:/i.test(url);

/** A text as a person reads it. */
export function renderMarkdown(text: string): TemplateResult {
  return html`<div class="markdown">${unsafeHTML(markdown.render(text))}</div>`;
}
