import { html, type TemplateResult } from 'lit';
import type { Violation } from '../../src/shared/inspector-calls.ts';
import { icon } from '../icon.ts';
import { t } from '../localization.ts';

/** The rules that were broken; those of one event lead to it. */
export function violationList(
  violations: readonly Violation[],
  showEvent: (event: number) => void,
): TemplateResult {
  return html`<ul class="violations" aria-label=${t('Broken rules')}>
    ${violations.map(({ severity, side, rule, text, event }) => {
      const mark =
        severity === 'error'
          ? html`<span class="error">${icon('error')}</span>`
          : html`<span class="warning">${icon('warning')}</span>`;
      const where = side === 'request' ? t('Request') : t('Response');
      return html`<li>${mark} <span class="pale">${where}</span> <code>${rule}</code> ${text}
        ${event === undefined ? '' : html`<button class="link" @click=${() => showEvent(event)}>${t('Event {0}', event + 1)}</button>`}
      </li>`;
    })}
  </ul>`;
}
