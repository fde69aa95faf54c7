import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ExtensionContext, env, l10n as translations } from 'vscode';
import { registerChatModels } from './chat/register-chat-models.ts';
import { type CommandName, commandId } from './commands/command-table.ts';
import { registerCommands } from './commands/register-commands.ts';
import { EditorSettingsSource } from './editor-settings.ts';
import { followSettings } from './follow-settings.ts';
import { Inspector } from './inspector/inspector.ts';
import type { Localizer } from './localizer.ts';
import { Log } from './log.ts';
import { launchProxy } from './proxy/launch-proxy.ts';
import { ProxyHost, type RunMode } from './proxy/proxy-host.ts';
import type { Session } from './session.ts';
import { takeSnapshot } from './status/snapshot.ts';
import { UsageToday } from './usage-today.ts';
import { showProxy } from './user-interface.ts';

/** VS Code waits about 5 s for an extension to end. */
const deactivationGraceMs = 2_500;
/** How often, and how many milliseconds apart, a port that is taken is tried at the start. */
const mostTries = 5;
const tryAgainMs = 1_000;
const startedByHandKey = 'startedByHand';

let active: ProxyHost | undefined;

/** Called by VS Code once it has started. Registers and returns; everything else is loaded when it is asked for. */
export function activate(context: ExtensionContext): void {
  const { session, usageOf } = createSession(context);
  const { host } = session;
  active = host;
  host.onRequestEnded(({ request, mode }) => usageOf(mode).add(request));
  context.subscriptions.push(
    session.log,
    registerCommands(session),
    followSettings(session),
    session.inspector.register(session),
    showProxy(session, context.environmentVariableCollection),
    registerChatModels(session),
  );
  if (session.startedByHand.get() && session.settings.own('autoStart')) {
    // Not before VS Code has been told that this extension is ready.
    setImmediate(() => void startByItself(session));
  }
}

/** Called by VS Code when the window closes: running answers get what time there is. */
export async function deactivate(): Promise<void> {
  await active?.stop(deactivationGraceMs);
}

/**
 * A failure is in the status bar. But a port that is taken is none: this window's former self may hold it for a moment still, or
 * another window serves already.
 */
async function startByItself({ host, log }: Session): Promise<void> {
  for (let tried = 1; ; tried++) {
    const state = await host.start();
    if (state.kind !== 'failed' || state.failure.remedy !== 'another-port') return;
    await host.stop();
    if (tried === mostTries) return log.info(`Not started: ${state.failure.message}`);
    await delay(tryAgainMs);
    if (host.state.kind !== 'stopped') return;
  }
}

function createSession(context: ExtensionContext): {
  readonly session: Session;
  readonly usageOf: (mode: RunMode) => UsageToday;
} {
  const { globalState, globalStorageUri, secrets, extension } = context;
  const l10n: Localizer = {
    t: (message, ...values) => translations.t(message, ...values),
    language: env.language,
  };
  const log = new Log();
  const settings = new EditorSettingsSource(secrets);
  const host = new ProxyHost((mode) =>
    launchProxy(mode, {
      loadSettings: () => settings.load(),
      show: (line) => log.write(line),
      l10n,
      recordsDirectory: join(globalStorageUri.fsPath, 'records'),
    }),
  );
  const usages = {
    usual: new UsageToday(globalState),
    demo: new UsageToday({ get: () => undefined, update() {} }),
  };
  const usageOf = (mode: RunMode) => usages[mode];
  const session: Session = {
    host,
    settings,
    log,
    l10n,
    inspector: new Inspector(context.extensionUri),
    snapshot: () => takeSnapshot(host.state, (mode) => usageOf(mode).usage),
    titleOf: (command) => titleIn(extension.packageJSON, command),
    startedByHand: {
      get: () => globalState.get(startedByHandKey) === true,
      set: () => globalState.update(startedByHandKey, true),
    },
  };
  return { session, usageOf };
}

/** VS Code translates the manifest, so its titles are the ones that the palette shows. */
function titleIn(manifest: Manifest, command: CommandName): string {
  const id = commandId(command);
  return manifest.contributes.commands.find((each) => each.command === id)?.title ?? command;
}

/** What is read of package.json. */
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
  };
}
