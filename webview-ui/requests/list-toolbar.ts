import { css, html, nothing, type TemplateResult } from 'lit';
import { toolButton, toolButtonStyles } from '../controls/tool-button.ts';
import { formatCount } from '../format.ts';
import { t } from '../localization.ts';
import type { Surroundings } from '../shell/surroundings.ts';

interface ListToolbar {
  /** Present while the list is paused: how many requests have news. */
  readonly heldBack: number | undefined;
  /** How many requests are selected. */
  readonly selected: number;
  readonly pause: () => void;
  readonly clear: () => void;
  readonly compare: () => void;
  readonly exportHar: () => void;
}

/** What is done to the list, and to several requests of it. */
export function listToolbar({ state, change }: Surroundings, list: ListToolbar): TemplateResult {
  const { heldBack, selected } = list;
  const isPaused = heldBack !== undefined;
  return html`<div class="toolbar" role="toolbar" aria-label=${t('List')}>
    ${toolButton({
      icon: isPaused ? 'debug-start' : 'debug-pause',
      title: isPaused ? t('Go on showing new requests') : t('Pause the list'),
      ...(heldBack ? { label: t('{0} new', formatCount(heldBack)) } : {}),
      pressed: isPaused,
      run: list.pause,
    })}
    ${toolButton({
      icon: 'fold-up',
      title: t('Keep the newest request in sight'),
      pressed: state.follows,
      run: () => change({ follows: !state.follows }),
    })}
    ${toolButton({
      icon: 'list-tree',
      title: t('Group by session'),
      pressed: state.grouped,
      run: () => change({ grouped: !state.grouped }),
    })}
    ${toolButton({ icon: 'trash', title: t('Forget all requests that have ended'), run: list.clear })}
    ${
      selected < 2
        ? nothing
        : html`${toolButton({
            icon: 'diff',
            title: selected === 2 ? t('Compare the two') : t('Select two requests to compare them'),
            label: t('Compare'),
            disabled: selected !== 2,
            run: list.compare,
          })}${toolButton({
            icon: 'export',
            title: t('Export {0} requests as HAR', selected),
            label: 'HAR',
            run: list.exportHar,
          })}`
    }
  </div>`;
}

/** Needs `iconStyles` beside it. */
export const toolbarStyles = [
  toolButtonStyles,
  css`
    .bar {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 8px;
      padding: 6px 8px;
    }

    .bar > :first-child {
      flex: 1 1 300px;
    }

    .toolbar {
      display: flex;
      flex-wrap: wrap;
      gap: 2px;
    }
  `,
];
