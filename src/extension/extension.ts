import { homedir, hostname } from 'node:os';
import { type ExtensionContext, ExtensionKind, env, l10n as translations } from 'vscode';
import { stateDirectory } from '../control/state-directory.ts';
import type { Localizer } from '../core/localizer.ts';
import type { LogLine } from '../recording/log-buffer.ts';
import type { AskedEnding } from '../server/control/control-services.ts';
import { registerChatModels } from './chat/register-chat-models.ts';
import { Clients } from './clients/clients.ts';
import { type CommandName, commandId } from './commands/command-table.ts';
import { registerCommands } from './commands/register-commands.ts';
import { DoctorReport } from './doctor/doctor-report.ts';
import { EditorSettingsSource } from './editor-settings.ts';
import { followSettings } from './follow-settings.ts';
import { Inspector } from './inspector/inspector.ts';
import { Log } from './log.ts';
import { describePlacement } from './placement.ts';
import { ProxyHost } from './proxy/proxy-host.ts';
import type { Launch, RunMode } from './proxy/running-proxy.ts';
import type { Session } from './session.ts';
import { ShownTexts } from './shown-texts.ts';
import { takeSnapshot } from './status/snapshot.ts';
import { UsageToday } from './usage-today.ts';
import { showProxy } from './user-interface.ts';

/** VS Code waits about 5 s for an extension to end. */
const deactivationGraceMs = 2_500;
/** As many of the requests before it as an owner tells a window. */
const pastRequests = 200;
const startedByHandKey = 'startedByHand';

let active: ProxyHost | undefined;

/** Called by VS Code once it has started. Registers and returns; everything else is loaded when it is asked for. */
export function activate(context: ExtensionContext): void {
  const { session, usageOf, inspector } = createSession(context);
  const { host } = session;
  active = host;
  countUsage(host, usageOf);
  context.subscriptions.push(
    session.log,
    registerCommands(session),
    followSettings(session),
    inspector.register(session),
    session.texts.register(),
    showProxy(session, context.environmentVariableCollection),
    registerChatModels(session),
  );
  if (session.startedByHand.get() && session.settings.own('autoStart')) {
    // Not before VS Code has been told that this extension is ready.
    setImmediate(() => void host.start());
  }
}

/** Called by VS Code when the window closes: running answers get what time there is, and another window takes over. */
export async function deactivate(): Promise<void> {
  await active?.leave(deactivationGraceMs);
}

/** Keeps the sum of the day, with what another's proxy has answered before this window attached to it. */
function countUsage(host: ProxyHost, usageOf: (mode: RunMode) => UsageToday): void {
  let counted = host.running;
  host.onRequestEnded(({ request, mode }) => usageOf(mode).add(request));
  host.onChange(() => {
    const { running } = host;
    if (!running || running === counted) return;
    counted = running;
    if (running.relation === 'own') return;
    usageOf(running.mode).catchUp(running.proxy.requests.summaries(pastRequests));
  });
}

function createSession(context: ExtensionContext): {
  readonly session: Session;
  readonly usageOf: (mode: RunMode) => UsageToday;
  readonly inspector: Inspector;
} {
  const { globalState, secrets, extension } = context;
  const l10n: Localizer = {
    t: (message, ...values) => translations.t(message, ...values),
    language: env.language,
  };
  const log = new Log();
  const settings = new EditorSettingsSource(secrets, l10n);
  const launch: Launch = async (mode, succession) => {
    const { launchProxy } = await import('./proxy/launch-proxy.ts');
    const options = {
      loadSettings: () => settings.load(),
      show: (line: LogLine) => log.write(line),
      l10n,
      stateDirectory: stateDirectory({ env: process.env, home: homedir(), platform: process.platform }),
      keepRunning: () => settings.own('keepRunning'),
      detachedScript: context.asAbsolutePath('dist/detached.js'),
      onAsked: (ending: AskedEnding) => void (ending === 'stopped' ? host.stop() : host.restart()),
    };
    return launchProxy(mode, options, succession);
  };
  const host: ProxyHost = new ProxyHost(launch);
  const placement = {
    remoteName: env.remoteName,
    runsRemotely: extension.extensionKind === ExtensionKind.Workspace,
    computer: hostname(),
  };
  const usages = {
    usual: new UsageToday(globalState),
    demo: new UsageToday({ get: () => undefined, update() {} }),
  };
  const usageOf = (mode: RunMode) => usages[mode];
  const inspector = new Inspector(context.extensionUri);
  const texts = new ShownTexts();
  const session: Session = {
    host,
    settings,
    log,
    l10n,
    inspector,
    placement,
    clients: new Clients(host, settings),
    texts,
    doctor: new DoctorReport(texts),
    snapshot: () =>
      takeSnapshot(
        host.state,
        (mode) => usageOf(mode).usage,
        (url) => describePlacement(placement, url, l10n),
      ),
    titleOf: (command) => titleIn(extension.packageJSON, command),
    startedByHand: {
      get: () => globalState.get(startedByHandKey) === true,
      set: () => globalState.update(startedByHandKey, true),
    },
  };
  return { session, usageOf, inspector };
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
