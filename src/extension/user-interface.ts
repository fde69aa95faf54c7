import { commands, Disposable, type ExtensionContext, window } from 'vscode';
import { findListedModel } from '../core/models.ts';
import type { Session } from './session.ts';
import { StatusBar } from './status/status-bar.ts';
import { TerminalEnvironment } from './terminal-environment.ts';
import { throttled } from './throttled.ts';
import { clientNodes } from './views/client-nodes.ts';
import { modelNodes } from './views/model-nodes.ts';
import { requestNodes } from './views/request-nodes.ts';
import { statusNodes } from './views/status-nodes.ts';
import { NodeTreeView } from './views/tree-view.ts';

/** Milliseconds between two looks at what changes with every request. */
const refreshMs = 100;
/** Milliseconds after which what changes by itself, such as a login that expires, is looked at again. */
const lookAgainMs = 30_000;
const requestsShown = 50;

/** The status bar, the side bar, menus and terminals, kept up with the proxy. */
export function showProxy(
  session: Session,
  variables: ExtensionContext['environmentVariableCollection'],
): Disposable {
  const { host, l10n, settings, snapshot } = session;
  const statusBar = new StatusBar(l10n);
  const views = [
    new NodeTreeView('lingmaProxy.status', () => statusNodes(snapshot(), l10n)),
    new NodeTreeView('lingmaProxy.models', () => {
      const proxy = host.running?.proxy;
      const models = proxy?.models() ?? [];
      return modelNodes(models, proxy && findListedModel(models, proxy.settings.model)?.id, l10n);
    }),
    new NodeTreeView('lingmaProxy.requests', () =>
      requestNodes(host.running?.proxy.requests.summaries(requestsShown) ?? [], l10n),
    ),
  ];
  const clients = showClients(session);
  const terminals = new TerminalEnvironment(variables, session);
  let shownState = '';
  const show = () => {
    statusBar.show(snapshot());
    for (const view of views) view.refresh();
    terminals.refresh();
    if (host.state.kind === shownState) return;
    shownState = host.state.kind;
    void commands.executeCommand('setContext', 'lingmaProxy.state', shownState);
  };
  show();
  const refresh = throttled(show, refreshMs);
  const lookAgain = setInterval(() => host.running && refresh(), lookAgainMs);
  return Disposable.from(
    statusBar,
    ...views,
    clients,
    refresh,
    new Disposable(host.onChange(refresh)),
    settings.onChange(refresh),
    new Disposable(() => clearInterval(lookAgain)),
  );
}

/** The Clients view. Files are read only while it is in sight: when it appears, with the window, and with what clients are led to. */
function showClients({ clients, host, l10n, log, settings }: Session): Disposable {
  const read = () => {
    // Who asks by a command is told what is wrong; a view is not worth a message.
    clients.read().catch((error: unknown) => log.info(`The clients could not be read: ${String(error)}`));
  };
  const view = new NodeTreeView('lingmaProxy.clients', () => clientNodes(clients.known, l10n), read);
  const readIfSeen = throttled(() => view.visible && read(), refreshMs);
  let url = host.running?.url;
  const followUrl = () => {
    if (host.running?.url === url) return;
    url = host.running?.url;
    readIfSeen();
  };
  return Disposable.from(
    view,
    readIfSeen,
    settings.onChange(readIfSeen),
    window.onDidChangeWindowState(({ focused }) => focused && readIfSeen()),
    new Disposable(host.onChange(followUrl)),
    new Disposable(clients.onChange(() => view.refresh())),
  );
}
