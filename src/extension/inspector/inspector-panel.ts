import { randomBytes } from 'node:crypto';
import { type Disposable, l10n as translations, Uri, type WebviewPanel } from 'vscode';
import type { Session } from '../session.ts';
import { panelCalls } from './panel-calls.ts';
import { panelHtml } from './panel-html.ts';
import { PanelSession } from './panel-session.ts';

/** A panel's page and what answers it, for as long as the panel is open. */
export class InspectorPanel {
  readonly #panel: WebviewPanel;
  readonly #page: PanelSession;

  /** Fills a panel that VS Code has made, or kept over a reload. */
  constructor(panel: WebviewPanel, session: Session, extensionUri: Uri, closed: () => void) {
    const { webview } = panel;
    this.#panel = panel;
    this.#page = new PanelSession({
      host: session.host,
      handlers: panelCalls(session),
      post: (message) => void webview.postMessage(message),
      l10n: session.l10n,
    });
    const folder = Uri.joinPath(extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    panel.iconPath = {
      light: Uri.joinPath(extensionUri, 'media', 'inspector-light.svg'),
      dark: Uri.joinPath(extensionUri, 'media', 'inspector-dark.svg'),
    };
    const parts: Disposable[] = [
      webview.onDidReceiveMessage((message: unknown) => this.#page.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#page.hidden();
      }),
    ];
    panel.onDidDispose(() => {
      this.#page.dispose();
      for (const part of parts) part.dispose();
      closed();
    });
    webview.html = panelHtml({
      script: webview.asWebviewUri(Uri.joinPath(folder, 'inspector.js')).toString(),
      styles: webview.asWebviewUri(Uri.joinPath(folder, 'inspector.css')).toString(),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      language: session.l10n.language,
      translations: translations.bundle ?? {},
    });
  }

  /** Brings it to the front, and shows a request in it if one is named. */
  show(id: string | undefined): void {
    this.#panel.reveal();
    if (id !== undefined) this.#page.reveal({ id });
  }
}
