import type { Locator } from 'playwright-core';
import type { InspectorPage } from './inspector-page.ts';

/** The list on the page, as a person and a screen reader have it. */
export class RequestList {
  readonly #inspector: InspectorPage;
  readonly grid: Locator;
  readonly rows: Locator;
  readonly filter: Locator;
  readonly menu: Locator;

  constructor(inspector: InspectorPage) {
    const { page } = inspector;
    this.#inspector = inspector;
    this.grid = page.locator('request-table .grid');
    this.rows = page.locator('request-table .row');
    this.filter = page.getByRole('searchbox', { name: 'Filter requests' });
    this.menu = page.locator('popup-menu [role=menu]');
  }

  row(id: string): Locator {
    return this.#inspector.page.locator(`[id="row:${id}"]`);
  }

  heading(name: string): Locator {
    return this.#inspector.page.getByRole('columnheader', { name });
  }

  button(name: string | RegExp): Locator {
    return this.#inspector.page.getByRole('button', { name });
  }

  /** The ids of the first `count` lines, from the top of the list and not of what is in sight. */
  async firstIds(count: number): Promise<string[]> {
    const lines = await this.#lines();
    return lines
      .filter(({ index }) => index < count + 2)
      .sort((one, other) => one.index - other.index)
      .map(({ id }) => id);
  }

  /** The line where the keyboard is. */
  async active(): Promise<string | null> {
    return (await this.grid.getAttribute('aria-activedescendant'))?.replace('row:', '') ?? null;
  }

  async selected(): Promise<string[]> {
    return (await this.#lines()).flatMap(({ id, selected }) => (selected ? [id] : []));
  }

  /** What the detail shows. */
  detail(): Locator {
    return this.#inspector.page.locator('.detail header .mono');
  }

  async footer(): Promise<string> {
    return (await this.#inspector.page.locator('footer').textContent()) ?? '';
  }

  async choose(entry: string): Promise<void> {
    await this.menu.getByText(entry, { exact: true }).click();
  }

  async #lines(): Promise<{ id: string; index: number; selected: boolean }[]> {
    const lines = await this.rows.evaluateAll((rows) =>
      rows.map((row) => ({
        id: row.id,
        index: Number(row.getAttribute('aria-rowindex')),
        selected: row.getAttribute('aria-selected') === 'true',
      })),
    );
    return lines.map(({ id, ...line }) => ({ id: id.replace('row:', ''), ...line }));
  }
}
