import { MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import type { Localizer } from '../../core/localizer.ts';
import { commandId, commandNames } from '../commands/command-table.ts';
import type { Snapshot } from './snapshot.ts';
import { statusBarText } from './status-bar-text.ts';

/** The item in the status bar. A click opens the menu. */
export class StatusBar {
  readonly #item: StatusBarItem;
  readonly #l10n: Localizer;
  #shownHover = '';

  constructor(l10n: Localizer) {
    this.#l10n = l10n;
    this.#item = window.createStatusBarItem('status', StatusBarAlignment.Right, 100);
    this.#item.name = 'Lingma Proxy';
    this.#item.command = commandId('showMenu');
  }

  show(snapshot: Snapshot): void {
    const { text, spoken, severity, hover } = statusBarText(snapshot, this.#l10n);
    this.#item.text = text;
    this.#item.accessibilityInformation = { label: spoken };
    this.#item.backgroundColor = severity && new ThemeColor(`statusBarItem.${severity}Background`);
    // A new one would close the hover that a person is reading.
    if (hover !== this.#shownHover) {
      this.#shownHover = hover;
      const markdown = new MarkdownString(hover, true);
      markdown.isTrusted = { enabledCommands: commandNames.map(commandId) };
      this.#item.tooltip = markdown;
    }
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
