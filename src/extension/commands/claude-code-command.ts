import { ThemeIcon, window } from 'vscode';
import { ownKey } from '../../config/own-key.ts';
import { claudeCodeEnvironment } from '../claude-code-environment.ts';
import type { Session } from '../session.ts';
import { start } from './lifecycle-commands.ts';

/** Runs Claude Code in a terminal whose environment leads it to the proxy, which is started first if need be. */
export async function openClaudeCode(session: Session): Promise<void> {
  if (!session.host.running) await start(session);
  const { running } = session.host;
  if (!running) return;
  const { model, smallModel } = running.proxy.settings;
  const terminal = window.createTerminal({
    name: 'Claude Code',
    iconPath: new ThemeIcon('sparkle'),
    env: claudeCodeEnvironment({
      url: running.url,
      apiKey: ownKey(running.proxy.settings),
      model,
      smallModel,
      models: running.proxy.models() ?? [],
      noProxy: process.env['NO_PROXY'] ?? process.env['no_proxy'],
    }),
  });
  terminal.show();
  terminal.sendText('claude');
}
