import type { Locator, Page } from 'playwright-core';

/** The box at the top of a window: command palette, quick picks and input boxes. */
export class QuickInput {
  readonly #page: Page;
  readonly #widget: Locator;
  /** The text field. */
  readonly input: Locator;
  /** The entries that are shown. */
  readonly rows: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#widget = page.locator('.quick-input-widget');
    this.input = this.#widget.locator('.quick-input-box input');
    this.rows = this.#widget.locator('.quick-input-list .monaco-list-row');
  }

  /** Waits until it is open, with a title, a placeholder or a message that holds `text` where one is given. */
  async opened(text?: string): Promise<void> {
    await this.#widget.waitFor();
    if (text === undefined) return;
    const named = this.#page.locator(`.quick-input-widget input[placeholder*=${JSON.stringify(text)}]`);
    await this.#widget.filter({ hasText: text }).or(named).first().waitFor();
  }

  /** The first entry whose text holds `text`. */
  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** Chooses the first entry whose text holds `text`. */
  async choose(text: string | RegExp): Promise<void> {
    await this.row(text).click();
  }

  /** Types an answer and presses Enter. */
  async answer(text: string): Promise<void> {
    await this.input.fill(text);
    await this.#page.keyboard.press('Enter');
  }

  /** Leaves it with Escape. */
  async dismiss(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.#widget.waitFor({ state: 'hidden' });
  }

  /**
   * Opens the command palette and finds a command by its whole title, category included, such as `View: Toggle Output`. The palette
   * closes when something else takes the focus, as an editor does that opens late, and a window that has just been opened may not
   * know all commands yet: then it is opened again, as a person would.
   */
  async findCommand(title: string): Promise<Locator> {
    const found = this.rows.filter({ has: this.#page.getByText(title, { exact: true }) }).first();
    for (let attempt = 1; ; attempt++) {
      await this.#page.keyboard.press('F1');
      try {
        await this.input.waitFor({ timeout: 10_000 });
        await this.input.fill(`>${title}`, { timeout: 3_000 });
        await found.waitFor({ timeout: 10_000 });
        return found;
      } catch (error) {
        if (attempt === 3) throw error;
        await this.#page.keyboard.press('Escape');
      }
    }
  }
}
