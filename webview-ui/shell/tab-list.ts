import { css, html, type TemplateResult } from 'lit';

export interface TabHeading<Id extends string> {
  readonly id: Id;
  readonly title: string;
}

/** The headings of tabs, whose panel has the id `panel`. Arrows go from one to the next and show it. */
export function tabList<Id extends string>(
  label: string,
  headings: readonly TabHeading<Id>[],
  chosen: Id,
  choose: (id: Id) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent) => {
    const index = headings.findIndex(({ id }) => id === chosen);
    const next = {
      ArrowLeft: (index - 1 + headings.length) % headings.length,
      ArrowRight: (index + 1) % headings.length,
      Home: 0,
      End: headings.length - 1,
    }[event.key];
    const heading = next === undefined ? undefined : headings[next];
    if (!heading || !(event.currentTarget instanceof Element)) return;
    event.preventDefault();
    choose(heading.id);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${heading.id}`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${onKey}>
    ${headings.map(
      ({ id, title }) => html`<button
        type="button"
        role="tab"
        id="tab-${id}"
        aria-controls="panel"
        aria-selected=${id === chosen}
        tabindex=${id === chosen ? 0 : -1}
        @click=${() => choose(id)}
      >${title}</button>`,
    )}
  </div>`;
}

export const tabListStyles = css`
  .tabs {
    display: flex;
    gap: 4px;
    padding: 0 8px;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }

  .tabs button {
    height: 32px;
    padding: 0 8px;
    border: 0;
    border-bottom: 1px solid transparent;
    margin-bottom: -1px;
    background: none;
    color: var(--vscode-panelTitle-inactiveForeground, var(--vscode-foreground));
    font: inherit;
    cursor: pointer;
  }

  .tabs button:hover,
  .tabs button[aria-selected='true'] {
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  }

  .tabs button[aria-selected='true'] {
    border-bottom-color: var(--vscode-panelTitle-activeBorder, currentColor);
  }
`;
