import { homedir } from 'node:os';
import { ConfigurationTarget, type SecretStorage, workspace } from 'vscode';
import type {
  EditorSettings,
  EditorSettingsOptions,
  ExaminedEditorSettings,
} from '../config/load-editor-settings.ts';
import type { SettingName } from '../config/settings.ts';
import type { Localizer } from '../core/localizer.ts';

const section = 'lingmaProxy';
const apiKeySecret = 'apiKey';

/** Settings of the extension that the proxy does not know. */
export type OwnSettingName = 'autoStart' | 'keepRunning' | 'terminalEnvironment';

/** What a person has set in VS Code, and through it all the proxy's settings. */
export class EditorSettingsSource {
  readonly #secrets: SecretStorage;
  readonly #l10n: Localizer;

  constructor(secrets: SecretStorage, l10n: Localizer) {
    this.#secrets = secrets;
    this.#l10n = l10n;
  }

  /** Loads the code that knows the settings, too. Throws a `SettingsError`. */
  async load(): Promise<EditorSettings> {
    const { loadEditorSettings } = await import('../config/load-editor-settings.ts');
    return loadEditorSettings(await this.#given());
  }

  /** The same with what is wrong about them, instead of throwing. */
  async examine(): Promise<ExaminedEditorSettings> {
    const { examineEditorSettings } = await import('../config/load-editor-settings.ts');
    return examineEditorSettings(await this.#given());
  }

  async #given(): Promise<EditorSettingsOptions> {
    const [folder] = workspace.isTrusted ? (workspace.workspaceFolders ?? []) : [];
    return {
      valueOf: setValue,
      apiKey: await this.#secrets.get(apiKeySecret),
      workspaceFolder: folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined,
      env: process.env,
      home: homedir(),
      l10n: this.#l10n,
    };
  }

  own(name: OwnSettingName): boolean {
    return workspace.getConfiguration(section).get(name) === true;
  }

  async setOwn(name: OwnSettingName, value: boolean): Promise<void> {
    await workspace.getConfiguration(section).update(name, value, ConfigurationTarget.Global);
  }

  /** Sets it where it is set already, else for the person. */
  async set(name: SettingName, value: unknown): Promise<void> {
    const configuration = workspace.getConfiguration(section);
    const isOfWorkspace = configuration.inspect(name)?.workspaceValue !== undefined;
    const target = isOfWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
    await configuration.update(name, value, target);
  }

  /** Keeps the key in the secret storage; '' removes it. */
  async setApiKey(key: string): Promise<void> {
    if (key === '') await this.#secrets.delete(apiKeySecret);
    else await this.#secrets.store(apiKeySecret, key);
  }

  /** Tells when a setting or the key may have changed. */
  onChange(listener: () => void): { dispose(): void } {
    const settings = workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(section)) listener();
    });
    const key = this.#secrets.onDidChange((change) => {
      if (change.key === apiKeySecret) listener();
    });
    const trust = workspace.onDidGrantWorkspaceTrust(listener);
    return {
      dispose() {
        settings.dispose();
        key.dispose();
        trust.dispose();
      },
    };
  }
}

/** What a person has set; undefined where only the default counts. VS Code itself keeps workspaces from machine settings. */
function setValue(name: SettingName): unknown {
  const value = workspace.getConfiguration(section).inspect(name);
  return value?.workspaceFolderValue ?? value?.workspaceValue ?? value?.globalValue;
}
