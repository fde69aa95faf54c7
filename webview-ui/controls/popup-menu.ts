import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { icon, iconStyles } from '../icon.ts';
import { sharedStyles } from '../shared-styles.ts';

export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
  /** Present for what is on or off; the menu stays open then. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  /** A line above it. */
  readonly startsGroup?: boolean;
}

/** A menu at the pointer or below what opened it. It gives the focus back when it closes. */
@customElement('popup-menu')
export class PopupMenu extends LitElement {
  @state() accessor #items: () => readonly MenuItem[] = () => [];
  @query('[popover]') accessor #popover: HTMLElement | null = null;
  #openedFrom: HTMLElement | undefined;

  static override styles = [
    sharedStyles,
    iconStyles,
    css`
      :host {
        position: fixed;
      }

      [popover] {
        position: fixed;
        margin: 0;
        padding: 4px;
        min-width: 160px;
        max-height: 90vh;
        overflow: auto;
        border: 1px solid var(--vscode-menu-border, var(--vscode-widget-border, transparent));
        border-radius: 5px;
        background: var(--vscode-menu-background);
        color: var(--vscode-menu-foreground);
        box-shadow: 0 2px 8px var(--vscode-widget-shadow);
      }

      button {
        display: flex;
        align-items: center;
        gap: 6px;
        width: 100%;
        height: 24px;
        padding: 0 16px 0 6px;
        border: 0;
        border-radius: 3px;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        white-space: nowrap;
        cursor: pointer;
      }

      button:focus {
        background: var(--vscode-menu-selectionBackground);
        color: var(--vscode-menu-selectionForeground);
        outline: 1px solid var(--vscode-menu-selectionBorder, transparent);
        outline-offset: -1px;
      }

      button:disabled {
        color: var(--vscode-disabledForeground);
        cursor: default;
      }

      .mark {
        width: 16px;
      }

      hr {
        margin: 4px 0;
        border: 0;
        border-top: 1px solid var(--vscode-menu-separatorBackground);
      }
    `,
  ];

  /** Opens it at a point of the window. `items` is asked anew after each choice that leaves it open. */
  async open(
    items: () => readonly MenuItem[],
    at: { readonly x: number; readonly y: number },
  ): Promise<void> {
    this.#openedFrom = focusedElement();
    this.#items = items;
    await this.updateComplete;
    const popover = this.#popover;
    if (!popover) return;
    popover.showPopover();
    const { offsetWidth, offsetHeight } = popover;
    popover.style.left = `${Math.max(0, Math.min(at.x, innerWidth - offsetWidth - 4))}px`;
    popover.style.top = `${Math.max(0, Math.min(at.y, innerHeight - offsetHeight - 4))}px`;
    this.#buttons()[0]?.focus();
  }

  override render(): TemplateResult {
    return html`<div popover role="menu" @keydown=${this.#onKey} @toggle=${this.#onToggle}>
      ${this.#items().map((item) => this.#item(item))}
    </div>`;
  }

  #item(item: MenuItem): TemplateResult {
    const { label, checked, disabled, startsGroup } = item;
    return html`${startsGroup === true ? html`<hr />` : nothing}<button
        type="button"
        role=${checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
        aria-checked=${checked ?? nothing}
        tabindex="-1"
        ?disabled=${disabled ?? false}
        @click=${() => this.#choose(item)}
        @pointerenter=${({ currentTarget }: PointerEvent) => {
          if (currentTarget instanceof HTMLElement) currentTarget.focus();
        }}
      ><span class="mark">${checked === true ? icon('check') : nothing}</span>${label}</button>`;
  }

  #choose(item: MenuItem): void {
    if (item.checked === undefined) this.#popover?.hidePopover();
    item.run();
    this.requestUpdate();
  }

  #onToggle(event: ToggleEvent): void {
    if (event.newState !== 'closed') return;
    // Whoever was clicked on instead keeps the focus.
    const nobody = document.activeElement === document.body || this.shadowRoot?.activeElement;
    if (nobody) this.#openedFrom?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const index = buttons.findIndex((button) => button.matches(':focus'));
    const next = {
      ArrowDown: (index + 1) % buttons.length,
      ArrowUp: (index - 1 + buttons.length) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (event.key === 'Tab') this.#popover?.hidePopover();
    else if (next !== undefined) buttons[next]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #buttons(): HTMLButtonElement[] {
    return [...(this.#popover?.querySelectorAll<HTMLButtonElement>('button:not(:disabled)') ?? [])];
  }
}

/** The one inside of whatever shadow trees there are. */
function focusedElement(): HTMLElement | undefined {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused instanceof HTMLElement ? focused : undefined;
}
