import type { Locator, Page } from 'playwright-core';

/** The active integrated terminal of a window. */
export class Terminal {
  readonly #page: Page;
  readonly #active: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#active = page.locator('.terminal-wrapper.active');
  }

  /** Waits until there is one and puts the focus into it. */
  async focus(): Promise<void> {
    await this.#active.locator('.xterm-screen').click();
  }

  /** Types a line into it and presses Enter. */
  async run(line: string): Promise<void> {
    await this.focus();
    await this.#page.keyboard.type(line);
    await this.#page.keyboard.press('Enter');
  }

  /** Types a message to a program that reads each key by itself, and sends it once it stands there: keys that come fast are a paste to some. */
  async say(message: string): Promise<void> {
    await this.focus();
    await this.#page.keyboard.type(message);
    await this.shows(new RegExp(`[>❯]\\s*${message}`));
    await this.#page.keyboard.press('Enter');
  }

  /** Waits until there is none any more. */
  async gone(): Promise<void> {
    await this.#active.waitFor({ state: 'detached' });
  }

  /** The lines on its screen. Not those that have scrolled away, and a long line is several. */
  async text(): Promise<string> {
    const rows = await this.#active.locator('.xterm-rows > div').allTextContents();
    // Blanks between words are no-break spaces there.
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n');
  }

  /** Waits until its screen shows `text` within one line, by default up to 30 s. */
  async shows(text: string | RegExp, timeoutMs = 30_000): Promise<void> {
    const row = this.#active.locator('.xterm-rows > div').filter({ hasText: text }).first();
    await row.waitFor({ timeout: timeoutMs });
  }
}
