import type { ClientState } from '../../clients/list-clients.ts';
import type { Settings } from '../../config/settings.ts';
import { Listeners } from '../../core/listeners.ts';
import type { EditorSettingsSource } from '../editor-settings.ts';
import type { ProxyHost } from '../proxy/proxy-host.ts';

/** The clients on this computer. Nothing is read before somebody asks for it. */
export class Clients {
  readonly #host: ProxyHost;
  readonly #settings: EditorSettingsSource;
  readonly #changed = new Listeners<void>();
  #known: readonly ClientState[] = [];

  constructor(host: ProxyHost, settings: EditorSettingsSource) {
    this.#host = host;
    this.#settings = settings;
  }

  /** As they were last looked at. */
  get known(): readonly ClientState[] {
    return this.#known;
  }

  /**
   * The settings that clients have to follow: those of the running proxy, else those that it would start with. A demo's are not, as
   * its port is another one each time. Throws a `SettingsError`.
   */
  async proxySettings(): Promise<Settings> {
    const { running } = this.#host;
    return running?.mode === 'usual' ? running.proxy.settings : (await this.#settings.load()).settings;
  }

  /** Looks at their files. Rejects when the settings are wrong. */
  async read(): Promise<readonly ClientState[]> {
    const [{ readClients }, settings] = await Promise.all([
      import('./client-connections.ts'),
      this.proxySettings(),
    ]);
    this.#known = await readClients(settings);
    this.#changed.tell();
    return this.#known;
  }

  /** Tells when they have been looked at again. Returns the way to stop listening. */
  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }
}
