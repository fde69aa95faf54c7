import { window } from 'vscode';
import type { Session } from '../session.ts';

/** Asks for the key that clients have to send, and keeps it in the secret storage. */
export async function setApiKey({ l10n, settings }: Session): Promise<void> {
  const key = await window.showInputBox({
    title: l10n.t('API key that clients have to send'),
    prompt: l10n.t('Kept in the secret storage of VS Code. Leave it empty to ask for none.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return;
  await settings.setApiKey(key.trim());
}
