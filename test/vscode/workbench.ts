import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import type { CodeServer } from './code-server.ts';
import { QuickInput } from './quick-input.ts';
import { Terminal } from './terminal.ts';

const screenshots = join(import.meta.dirname, '..', '..', '.cache', 'screenshots');

const themes = {
  light: { id: 'Light Modern', className: 'vs' },
  dark: { id: 'Dark Modern', className: 'vs-dark' },
  'high-contrast': { id: 'Default High Contrast', className: 'hc-black' },
  'high-contrast-light': { id: 'Default High Contrast Light', className: 'hc-light' },
} as const;
export type Theme = keyof typeof themes;

const sizes = { wide: { width: 1_440, height: 1_100 }, narrow: { width: 800, height: 700 } } as const;

export interface WorkbenchOptions {
  /** The folder to open; otherwise the server's own. */
  readonly folder?: string;
  /** Default wide. */
  readonly size?: keyof typeof sizes;
}

/** A window of VS Code in a browser, used as a person does. Waiting is bounded by 30 s at each step. */
export class Workbench {
  /** For whatever is not covered here. */
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly terminal: Terminal;
  readonly #server: CodeServer;
  readonly #context: BrowserContext;
  readonly #profile: Workbench[];
  readonly #errors: string[] = [];

  private constructor(server: CodeServer, context: BrowserContext, page: Page, profile: Workbench[]) {
    this.#server = server;
    this.#context = context;
    this.#profile = profile;
    profile.push(this);
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.terminal = new Terminal(page);
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
  }

  /** Opens a window with a browser profile of its own: VS Code keeps its state and secrets there. */
  static async open(
    server: CodeServer,
    browser: Browser,
    { folder = server.workspace, size = 'wide' }: WorkbenchOptions = {},
  ): Promise<Workbench> {
    const context = await browser.newContext({
      viewport: sizes[size],
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    return Workbench.#openIn(context, server, folder, []);
  }

  static async #openIn(
    context: BrowserContext,
    server: CodeServer,
    folder: string,
    profile: Workbench[],
  ): Promise<Workbench> {
    const workbench = new Workbench(server, context, await context.newPage(), profile);
    await workbench.page.goto(server.windowUrl(folder));
    await workbench.#ready();
    return workbench;
  }

  /** Opens one more window of the same person: it has an extension host of its own, and shares state and secrets. */
  openAnother(folder = this.#server.workspace): Promise<Workbench> {
    return Workbench.#openIn(this.#context, this.#server, folder, this.#profile);
  }

  /** The windows of the same person that are open, this one among them. */
  windows(): readonly Workbench[] {
    return this.#profile.filter(({ page }) => !page.isClosed());
  }

  /** "Reload Window": unlike a reload of the page, it writes down first what has just been changed, as which extensions are enabled. */
  async reload(): Promise<void> {
    const reloaded = this.page.waitForEvent('load');
    await this.command('Developer: Reload Window');
    await reloaded;
    await this.#ready();
  }

  /** Closes the window, as with its cross. The profile stays while another window of it is open. */
  async close(): Promise<void> {
    await this.page.close();
    if (this.#context.pages().length === 0) await this.#context.close();
  }

  /** VS Code knows the contributions of its extensions then; they need not have been activated yet. */
  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    await this.page.waitForFunction(
      "performance.getEntriesByName('code/didLoadExtensions').length > 0",
      undefined,
      { timeout: 60_000 },
    );
  }

  /** Runs a command from the palette by its whole title, category included. */
  async command(title: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const row = await this.quickInput.findCommand(title);
      try {
        await row.click({ timeout: 5_000 });
        return;
      } catch (error) {
        // Something else has taken the focus since it was found, and the palette is closed.
        if (attempt === 3 || (await row.isVisible())) throw error;
      }
    }
  }

  /** The link of a status bar item, by the id that the extension gave it. */
  statusBarItem(id: string, extension = 'lingma-proxy.lingma-proxy'): Locator {
    return this.page.locator(`[id="${extension}.${id}"] a`);
  }

  /** What a pointer that rests on something is shown. */
  async hover(target: Locator): Promise<Locator> {
    await target.hover();
    const shown = this.page.locator('.monaco-hover:visible').last();
    await shown.waitFor();
    return shown;
  }

  /** The toast that holds `text`. Its buttons are found by role and name. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-toast').filter({ hasText: text });
  }

  /** A modal dialog that holds `text`. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box').filter({ hasText: text });
  }

  /** Opens a container of the side bar by its title in the activity bar, unless it is open. */
  async openSideBar(title: string): Promise<void> {
    const item = this.page.locator(
      `.activitybar .action-item:has(a.action-label[aria-label^=${JSON.stringify(title)}])`,
    );
    await item.waitFor();
    if (!(await item.getAttribute('class'))?.includes('checked')) await item.click();
  }

  /** A view of the side bar or the panel, its header included, by its title. */
  view(title: string): Locator {
    return this.page.locator(`.pane:has(> .pane-header[aria-label^=${JSON.stringify(title)}])`);
  }

  /** An entry of a tree view. Its inline actions appear on `hover()`, as `a.action-label` with an `aria-label`. */
  treeItem(view: string, text: string | RegExp): Locator {
    return this.view(view).locator('.monaco-list-row').filter({ hasText: text }).first();
  }

  /** Runs an entry of the context menu of something. */
  async contextMenu(target: Locator, entry: string): Promise<void> {
    await target.click({ button: 'right' });
    const item = this.page
      .locator('.monaco-menu .action-item')
      .filter({ has: this.page.getByText(entry, { exact: true }) });
    await item.hover();
    // A menu takes no click until it has been there for a moment; keys it takes at once, for the entry that has the focus.
    await item.and(this.page.locator('.focused')).waitFor();
    await this.page.keyboard.press('Enter');
    await item.waitFor({ state: 'detached' });
  }

  /** The document of the webview that an extension shows in the editor area, or in the side bar. */
  webview(place: 'editor' | 'side bar', extension = 'lingma-proxy.lingma-proxy'): FrameLocator {
    const purpose =
      place === 'side bar' ? '[src*="purpose=webviewView"]' : ':not([src*="purpose=webviewView"])';
    return this.page
      .frameLocator(`iframe.webview.ready[src*="extensionId=${extension}"]${purpose}`)
      .frameLocator('iframe#active-frame');
  }

  /** The lines that the output view shows of the channel that is chosen there. Only those in sight. */
  async output(): Promise<string> {
    const lines = await this.page.locator('.part.panel .view-lines .view-line').allTextContents();
    return lines.map((line) => line.replaceAll('\u00a0', ' ')).join('\n');
  }

  clipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  #copy(text: string): Promise<void> {
    return this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  /** Closes the editor that stands in front of all others, as those of settings and of running extensions do. */
  async closeModalEditor(): Promise<void> {
    const modal = this.page.locator('.modal-editor-part');
    await modal
      .getByRole('button', { name: /^Close/ })
      .last()
      .click();
    await modal.waitFor({ state: 'detached' });
  }

  /** How long VS Code says that the activation of an extension took, in ms. */
  async activationTime(displayName: string): Promise<number> {
    const size = this.page.viewportSize() ?? sizes.wide;
    // The list holds only what is in sight.
    await this.page.setViewportSize({ ...size, height: 5_000 });
    await this.command('Developer: Show Running Extensions');
    const row = this.page.locator('.runtime-extensions-editor .monaco-list-row').filter({
      has: this.page.locator('.name').getByText(displayName, { exact: true }),
    });
    const said = (await row.locator('.activation-time').textContent()) ?? '';
    await this.closeModalEditor();
    await this.page.setViewportSize(size);
    const time = /(\d+)\s*ms/.exec(said)?.[1];
    if (time === undefined) throw new Error(`VS Code gives no activation time: ${said}`);
    return Number(time);
  }

  /** Changes user settings in their editor; `undefined` takes one away. What follows from it may take a moment more. */
  async changeSettings(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const file = this.#server.settingsFile;
    const before = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
    const after = JSON.stringify({ ...before, ...changes });
    await this.command('Preferences: Open User Settings (JSON)');
    const editor = this.page.locator('.monaco-editor.focused', { hasText: 'workbench.' });
    await editor.waitFor();
    await this.page.keyboard.press('ControlOrMeta+A');
    await editor.locator('.selected-text').first().waitFor();
    // Pasted, as typed text has its brackets and quotes completed.
    const clipboard = await this.clipboard();
    await this.#copy(after);
    await this.page.keyboard.press('ControlOrMeta+V');
    await this.#copy(clipboard);
    await this.page.keyboard.press('ControlOrMeta+S');
    for (let wait = 0; readFileSync(file, 'utf8') !== after; wait++) {
      if (wait === 300) throw new Error(`The settings could not be saved: ${readFileSync(file, 'utf8')}`);
      await this.page.waitForTimeout(100);
    }
    await this.closeModalEditor();
  }

  async useTheme(theme: Theme): Promise<void> {
    const { id, className } = themes[theme];
    await this.changeSettings({ 'workbench.colorTheme': id });
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
  }

  async resize(size: keyof typeof sizes): Promise<void> {
    await this.page.setViewportSize(sizes[size]);
  }

  /** Keeps a picture of the window as `.cache/screenshots/<name>.png`, and resolves to its path. */
  async screenshot(name: string): Promise<string> {
    const path = join(screenshots, `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    return path;
  }

  /** The window as a screen reader has it. */
  outline(): Promise<string> {
    return this.page.locator('body').ariaSnapshot();
  }

  /** What the window has complained about so far, the newest last. */
  errors(): readonly string[] {
    return this.#errors;
  }
}
