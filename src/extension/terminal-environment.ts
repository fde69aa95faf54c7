import { type ExtensionContext, MarkdownString } from 'vscode';
import { ownKey } from '../config/own-key.ts';
import { claudeCodeEnvironment } from './claude-code-environment.ts';
import { reachesTerminals } from './placement.ts';
import type { Session } from './session.ts';

/** Puts the proxy's address into new terminals while it runs, when a person has asked for that. */
export class TerminalEnvironment {
  readonly #collection: ExtensionContext['environmentVariableCollection'];
  readonly #session: Session;
  #shown = '';

  constructor(collection: ExtensionContext['environmentVariableCollection'], session: Session) {
    this.#collection = collection;
    this.#session = session;
    // The proxy is gone when VS Code is.
    collection.persistent = false;
  }

  refresh(): void {
    const { host, l10n, placement, settings } = this.#session;
    const { running } = host;
    if (!running || !reachesTerminals(placement) || !settings.own('terminalEnvironment')) {
      if (this.#shown !== '') this.#collection.clear();
      this.#shown = '';
      return;
    }
    const { model, smallModel } = running.proxy.settings;
    const apiKey = ownKey(running.proxy.settings);
    const variables = {
      ...claudeCodeEnvironment({
        url: running.url,
        apiKey,
        model,
        smallModel,
        models: running.proxy.models() ?? [],
        noProxy: process.env['NO_PROXY'] ?? process.env['no_proxy'],
      }),
      OPENAI_BASE_URL: `${running.url}/v1`,
      OPENAI_API_KEY: apiKey || 'any',
    };
    const wanted = JSON.stringify(variables);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#collection.clear();
    for (const [name, value] of Object.entries(variables)) {
      if (value !== null) this.#collection.replace(name, value);
    }
    this.#collection.description = new MarkdownString(
      l10n.t('Leads Claude Code and clients of OpenAI’s API to Lingma Proxy on {0}.', running.url),
    );
  }
}
