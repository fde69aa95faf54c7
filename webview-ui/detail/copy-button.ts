import { html, type TemplateResult } from 'lit';
import type { Call } from '../connection.ts';
import { icon } from '../icon.ts';
import { t } from '../localization.ts';

/** A button that copies a text, and shows for a moment that it has. */
export function copyButton(call: Call | undefined, text: string, label = t('Copy')): TemplateResult {
  return html`<button class="tool" title=${label} aria-label=${label} @click=${(event: Event) => void copy(event, call, text)}>
    ${icon('copy')}
  </button>`;
}

async function copy(event: Event, call: Call | undefined, text: string): Promise<void> {
  const button = event.currentTarget;
  await call?.('copy', { text });
  if (!(button instanceof HTMLElement)) return;
  const symbol = button.querySelector('.codicon');
  symbol?.classList.replace('codicon-copy', 'codicon-check');
  setTimeout(() => symbol?.classList.replace('codicon-check', 'codicon-copy'), 1_500);
}
