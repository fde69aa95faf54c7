import { commands, type ExtensionContext, window } from 'vscode';
import { version } from '../version.ts';

/** Called by VS Code once it has started. Registers and returns; everything else waits until it is asked for. */
export function activate(context: ExtensionContext): void {
  context.subscriptions.push(
    commands.registerCommand('lingmaProxy.showVersion', () =>
      window.showInformationMessage(`Lingma Proxy ${version}. Start it in a terminal with: lingma-proxy`),
    ),
  );
}
