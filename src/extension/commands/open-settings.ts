import { commands } from 'vscode';
import type { SettingName } from '../../config/settings.ts';
import type { OwnSettingName } from '../editor-settings.ts';

/** Opens VS Code's settings at the extension's, or at one of them. */
export async function openSettings(name?: SettingName | OwnSettingName): Promise<void> {
  const query = name === undefined ? '@ext:lingma-proxy.lingma-proxy' : `lingmaProxy.${name}`;
  await commands.executeCommand('workbench.action.openSettings', query);
}
