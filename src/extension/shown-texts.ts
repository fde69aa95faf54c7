import {
  commands,
  Disposable,
  EventEmitter,
  TabInputText,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
} from 'vscode';

const scheme = 'lingma-proxy';

/** Documents that are shown and not stored: the two sides of a change, instructions, the doctor's report. */
export class ShownTexts {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();

  /** Lets VS Code read them. */
  register(): Disposable {
    const provider = {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: (uri: Uri) => this.#texts.get(uri.toString()) ?? '',
    };
    return Disposable.from(
      workspace.registerTextDocumentContentProvider(scheme, provider),
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
      this.#changed,
    );
  }

  /** A document of that path; one that is open shows the new text. The path's ending decides about colours. */
  put(path: string, text: string): Uri {
    const uri = Uri.from({ scheme, path: path.startsWith('/') ? path : `/${path}` });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }

  /** Opens the two sides of a change beside each other. */
  async showChange(path: string, before: string, after: string, title: string): Promise<void> {
    const place = path.replaceAll('\\', '/');
    const left = this.put(`before/${place}`, before);
    const right = this.put(`after/${place}`, after);
    await commands.executeCommand('vscode.diff', left, right, title, { preview: false });
  }

  /** Closes every change that is shown. */
  async closeChanges(): Promise<void> {
    const isChange = (input: unknown) =>
      input instanceof TabInputTextDiff && input.modified.scheme === scheme;
    await this.#close(isChange);
  }

  /** Closes the document of that path, where it is open. */
  async close(uri: Uri): Promise<void> {
    await this.#close((input) => input instanceof TabInputText && input.uri.toString() === uri.toString());
  }

  async #close(isWanted: (input: unknown) => boolean): Promise<void> {
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs.filter(({ input }) => isWanted(input)));
    await window.tabGroups.close(tabs);
  }
}
