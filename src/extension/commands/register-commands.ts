import { commands, Disposable, env, window } from 'vscode';
import { wordsOf } from '../../core/failure.ts';
import { version } from '../../version.ts';
import type { Session } from '../session.ts';
import { setApiKey } from './api-key-command.ts';
import { switchBackend } from './backend-commands.ts';
import { openClaudeCode } from './claude-code-command.ts';
import { connectClient, disconnectClient, openClientFile, refreshClients } from './client-commands.ts';
import { type CommandName, commandId, commandNames } from './command-table.ts';
import { runDoctor, takeDoctorStep } from './doctor-command.ts';
import { exportCredentials, exportFeedbackBundle, exportServerBundle } from './export-commands.ts';
import { openInspector } from './inspector-command.ts';
import { keepRunning, restart, start, stop, tryDemo } from './lifecycle-commands.ts';
import { showMenu } from './menu-command.ts';
import {
  copyModelId,
  mapModel,
  refreshModels,
  setDefaultModel,
  showModels,
  testModel,
} from './model-commands.ts';
import { openSettings } from './open-settings.ts';

/** What a command does; `argument` is whatever it was run on. A rejection is shown by VS Code. */
type Handler = (session: Session, argument: unknown) => unknown;

const handlers: Readonly<Record<CommandName, Handler>> = {
  start,
  stop,
  restart,
  keepRunning,
  switchBackend,
  copyEndpointUrl,
  showModels,
  refreshModels,
  copyModelId,
  setDefaultModel,
  testModel,
  mapModel,
  openInspector,
  openClaudeCode,
  connectClient,
  disconnectClient,
  openClientFile,
  refreshClients,
  runDoctor,
  exportCredentials,
  exportServerBundle,
  exportFeedbackBundle,
  setApiKey,
  openSettings: () => openSettings(),
  showLog: ({ log }) => log.show(),
  tryDemo,
  showMenu,
  showVersion: () => window.showInformationMessage(`Lingma Proxy ${version}`),
};

/** Makes every command of the table work. */
export function registerCommands(session: Session): Disposable {
  return Disposable.from(
    session.doctor.register(session.l10n, (next) => takeDoctorStep(session, next)),
    ...commandNames.map((name) =>
      commands.registerCommand(commandId(name), (argument: unknown) => run(name, session, argument)),
    ),
  );
}

/** Runs a command. Whatever it throws, VS Code shows: in words that the person reads. */
async function run(name: CommandName, session: Session, argument: unknown): Promise<unknown> {
  try {
    return await handlers[name](session, argument);
  } catch (error) {
    throw new Error(wordsOf(error, session.l10n), { cause: error });
  }
}

async function copyEndpointUrl({ host, l10n }: Session): Promise<void> {
  const url = host.running?.url;
  if (url === undefined) return;
  await env.clipboard.writeText(url);
  window.setStatusBarMessage(l10n.t('Copied {0}', url), 5_000);
}
