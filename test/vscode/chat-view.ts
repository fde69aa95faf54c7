import type { Locator, Page } from 'playwright-core';

/** VS Code's own chat in the secondary side bar. */
export class ChatView {
  readonly #page: Page;
  readonly #bar: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#bar = page.locator('.part.auxiliarybar');
  }

  /** Chooses a model by its name, once it is offered. */
  async chooseModel(name: string): Promise<void> {
    const picker = this.#bar.getByRole('button', { name: /^Models/ }).last();
    const search = this.#page.getByPlaceholder('Search models');
    const row = this.#page.locator('.action-widget .monaco-list-row').filter({ hasText: name }).first();
    // An open list does not follow what becomes known meanwhile.
    for (let tried = 1; ; tried++) {
      await picker.click();
      await search.fill(name);
      const isOffered = await row.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
      if (isOffered) break;
      if (tried === 10) throw new Error(`The chat offers no model ${name}.`);
      await this.#page.keyboard.press('Escape');
      await search.waitFor({ state: 'detached' });
    }
    await row.click();
    await this.#bar.getByRole('button', { name: `Models, ${name}` }).waitFor();
  }

  async ask(text: string): Promise<void> {
    await this.#bar.locator('.interactive-input-part .monaco-editor').click();
    await this.#page.keyboard.type(text);
    await this.#page.keyboard.press('Enter');
  }

  /** The latest answer, once it is complete and holds `text`. */
  async answered(text: string | RegExp): Promise<void> {
    const answer = this.#bar.locator('.interactive-response').last();
    await answer.filter({ hasText: text }).waitFor();
    await answer.getByRole('button', { name: 'Retry' }).waitFor();
  }
}
