/** One command as the palette, menus and keyboard shortcuts know it. */
interface CommandDefinition {
  /** In English; also the text that is translated. */
  readonly title: string;
  /** A product icon, for buttons and quick picks. */
  readonly icon?: string;
  /** When it can be run, as a `when` clause. */
  readonly enablement?: string;
}

const stopped = "lingmaProxy.state != 'running' && lingmaProxy.state != 'starting'";
const running = "lingmaProxy.state == 'running'";

const definitions = {
  start: { title: 'Start', icon: 'play', enablement: stopped },
  stop: { title: 'Stop', icon: 'debug-stop', enablement: running },
  restart: { title: 'Restart', icon: 'debug-restart', enablement: running },
  keepRunning: { title: 'Toggle Keep Running', icon: 'pin' },
  switchBackend: { title: 'Switch Backend', icon: 'arrow-swap' },
  copyEndpointUrl: { title: 'Copy Endpoint URL', icon: 'link', enablement: running },
  showModels: { title: 'Show Models', icon: 'list-unordered' },
  refreshModels: { title: 'Refresh Models', icon: 'refresh', enablement: running },
  copyModelId: { title: 'Copy Model ID', icon: 'copy', enablement: running },
  setDefaultModel: { title: 'Set Default Model', icon: 'star-empty', enablement: running },
  testModel: { title: 'Test a Model', icon: 'beaker', enablement: running },
  mapModel: { title: 'Map a Name to a Model', icon: 'arrow-right', enablement: running },
  openInspector: { title: 'Open Request Inspector', icon: 'inspect' },
  openClaudeCode: { title: 'Open Claude Code in Terminal', icon: 'terminal' },
  connectClient: { title: 'Connect a Client', icon: 'plug' },
  disconnectClient: { title: 'Disconnect a Client', icon: 'debug-disconnect' },
  openClientFile: { title: 'Open the Settings File of a Client', icon: 'go-to-file' },
  refreshClients: { title: 'Refresh Clients', icon: 'refresh' },
  runDoctor: { title: 'Run Doctor', icon: 'pulse' },
  exportCredentials: { title: 'Export Credentials', icon: 'export' },
  exportServerBundle: { title: 'Export Server Bundle', icon: 'server' },
  exportFeedbackBundle: { title: 'Export Feedback Bundle', icon: 'feedback', enablement: running },
  setApiKey: { title: 'Set API Key', icon: 'key' },
  openSettings: { title: 'Open Settings', icon: 'settings-gear' },
  showLog: { title: 'Show Log', icon: 'output' },
  tryDemo: { title: 'Try with a Demo Runtime', icon: 'beaker' },
  showMenu: { title: 'Show Menu', icon: 'menu' },
  showVersion: { title: 'Show Version' },
} as const satisfies Readonly<Record<string, CommandDefinition>>;

export type CommandName = keyof typeof definitions;

/** Every command there is: the manifest, the handlers and the menus are held to this. */
export const commandTable: Readonly<Record<CommandName, CommandDefinition>> = definitions;

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandTable, name);
}

export const commandNames: readonly CommandName[] = Object.keys(commandTable).filter(isCommandName);

/** What VS Code calls it. */
export function commandId(name: CommandName): `lingmaProxy.${CommandName}` {
  return `lingmaProxy.${name}`;
}

/** A link that runs the command, for Markdown. */
export function commandLink(name: CommandName): string {
  return `command:${commandId(name)}`;
}
