import { commands, type QuickPickItem, window } from 'vscode';
import type { Session } from '../session.ts';
import { backendName } from '../status/status-lines.ts';
import { currentBackend, otherBackend } from './backend-commands.ts';
import { type CommandName, commandId, commandTable } from './command-table.ts';

interface Entry extends QuickPickItem {
  readonly command: CommandName;
}

const whileRunning: readonly CommandName[] = [
  'copyEndpointUrl',
  'openInspector',
  'connectClient',
  'openClaudeCode',
  'showModels',
  'setDefaultModel',
  'keepRunning',
  'restart',
  'stop',
  'runDoctor',
  'openSettings',
  'showLog',
];
const whileOff: readonly CommandName[] = [
  'start',
  'tryDemo',
  'connectClient',
  'runDoctor',
  'setApiKey',
  'openSettings',
  'showLog',
];

/** What a click on the status bar opens: the other backend first, then what can be done now. */
export async function showMenu(session: Session): Promise<void> {
  const { host, l10n, titleOf } = session;
  const names = host.running ? whileRunning : whileOff;
  const entries: Entry[] = [
    await switchEntry(session),
    ...names.map((command) => ({ label: `$(${commandTable[command].icon}) ${titleOf(command)}`, command })),
  ];
  const picked = await window.showQuickPick(entries, {
    title: 'Lingma Proxy',
    placeHolder: l10n.t('What to do'),
  });
  if (picked) await commands.executeCommand(commandId(picked.command));
}

async function switchEntry(session: Session): Promise<Entry> {
  const { l10n, titleOf } = session;
  const command = 'switchBackend';
  try {
    const backend = await currentBackend(session);
    const label = l10n.t('Switch to the {0}', backendName(otherBackend(backend), l10n));
    return {
      label: `$(arrow-swap) ${label}`,
      description: l10n.t('now: {0}', backendName(backend, l10n)),
      command,
    };
  } catch {
    // The settings are wrong somewhere: the command itself says where.
    return { label: `$(arrow-swap) ${titleOf(command)}`, command };
  }
}
