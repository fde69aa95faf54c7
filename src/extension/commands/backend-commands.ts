import { window } from 'vscode';
import type { Settings } from '../../config/settings.ts';
import type { Session } from '../session.ts';
import { backendName } from '../status/status-lines.ts';

/** Sets the other backend. A running proxy follows; requests that run end on the one they began with. */
export async function switchBackend(session: Session): Promise<void> {
  const { l10n, settings } = session;
  const backend = otherBackend(await currentBackend(session));
  await settings.set('backend', backend);
  window.setStatusBarMessage(l10n.t('Lingma Proxy uses the {0}', backendName(backend, l10n)), 5_000);
}

/** The backend that answers now, or would. */
export async function currentBackend({ host, settings }: Session): Promise<Settings['backend']> {
  return host.running?.proxy.settings.backend ?? (await settings.load()).settings.backend;
}

export function otherBackend(backend: Settings['backend']): Settings['backend'] {
  return backend === 'remote' ? 'ipc' : 'remote';
}
