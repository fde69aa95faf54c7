import { type Disposable, type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { Session } from '../session.ts';
import type { InspectorPanel } from './inspector-panel.ts';

const viewType = 'lingmaProxy.inspector';

/** The one inspector of a window. Its code is loaded when it is opened. */
export class Inspector {
  readonly #extensionUri: Uri;
  #panel: Promise<InspectorPanel> | undefined;

  constructor(extensionUri: Uri) {
    this.#extensionUri = extensionUri;
  }

  /** Lets VS Code bring an inspector back that was open when the window was closed or reloaded. */
  register(session: Session): Disposable {
    return window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel) => {
        await this.#fill(panel, session);
      },
    });
  }

  /** Opens it or brings it to the front, with a request if one is named. */
  async open(session: Session, id?: string): Promise<void> {
    this.#panel ??= this.#fill(
      window.createWebviewPanel(viewType, session.l10n.t('Request Inspector'), ViewColumn.Active, {}),
      session,
    );
    (await this.#panel).show(id);
  }

  #fill(panel: WebviewPanel, session: Session): Promise<InspectorPanel> {
    this.#panel = import('./inspector-panel.ts').then(({ InspectorPanel: Panel }) => {
      return new Panel(panel, session, this.#extensionUri, () => {
        this.#panel = undefined;
      });
    });
    return this.#panel;
  }
}
