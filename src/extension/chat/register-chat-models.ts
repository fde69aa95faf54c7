import {
  type CancellationToken,
  commands,
  Disposable,
  EventEmitter,
  type LanguageModelChatInformation,
  type LanguageModelChatProvider,
  LanguageModelError,
  lm,
  type Progress,
  window,
} from 'vscode';
import { start } from '../commands/lifecycle-commands.ts';
import type { Session } from '../session.ts';
import { chatModels } from './chat-models.ts';
import { estimateMessageTokens } from './message-tokens.ts';

/** As `languageModelChatProviders` in package.json has it. */
const vendor = 'lingma';

/** Offers the running proxy's models to the editor's own chat and to other extensions, where the editor has a place for them. */
export function registerChatModels(session: Session): Disposable {
  // Forks that have no such chat may lack the whole of it.
  const register = lm?.registerLanguageModelChatProvider;
  if (register === undefined) return new Disposable(() => {});
  const provider = new ChatProvider(session);
  try {
    const registered = register(vendor, provider);
    void commands.executeCommand('setContext', 'lingmaProxy.nativeChat', true);
    return Disposable.from(registered, provider);
  } catch (error) {
    session.log.info(`The editor’s chat takes no models of Lingma Proxy: ${error}`);
    return provider;
  }
}

class ChatProvider implements LanguageModelChatProvider {
  readonly #session: Session;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeLanguageModelChatInformation = this.#changed.event;
  readonly #unsubscribe: () => void;
  /** What the editor was told of last, or could have asked for. */
  #offered = '[]';
  #isAsking = false;

  constructor(session: Session) {
    this.#session = session;
    this.#unsubscribe = session.host.onChange(() => this.#tellOfChanges());
  }

  /** Nothing while the proxy is off: listing models is no reason to start it. */
  provideLanguageModelChatInformation({
    silent,
  }: {
    readonly silent: boolean;
  }): LanguageModelChatInformation[] {
    if (!silent && !this.#session.host.running) void this.#offerStart();
    return this.#models();
  }

  async provideLanguageModelChatResponse(
    model: LanguageModelChatInformation,
    messages: readonly unknown[],
    options: unknown,
    progress: Progress<unknown>,
    token: CancellationToken,
  ): Promise<void> {
    const { host, l10n } = this.#session;
    const { running } = host;
    if (!running) {
      throw LanguageModelError.NotFound(
        l10n.t('Lingma Proxy is off. Run the command “Lingma Proxy: Start”, then send the message again.'),
      );
    }
    const reasons = running.proxy.models()?.find(({ id }) => id === model.id)?.reasoning === true;
    const { answerChatRequest } = await import('./answer-chat-request.ts');
    const request = { model: model.id, messages, options, reasons };
    await answerChatRequest(running.proxy, request, progress, token, l10n);
  }

  async provideTokenCount(_model: LanguageModelChatInformation, text: unknown): Promise<number> {
    return estimateMessageTokens(text);
  }

  dispose(): void {
    this.#unsubscribe();
    this.#changed.dispose();
  }

  #models(): LanguageModelChatInformation[] {
    const { host, l10n } = this.#session;
    const { running } = host;
    return running ? chatModels(running.proxy.models() ?? [], running.mode, l10n) : [];
  }

  #tellOfChanges(): void {
    const offered = JSON.stringify(this.#models());
    if (offered === this.#offered) return;
    this.#offered = offered;
    this.#changed.fire();
  }

  /** A person who looks for models to add is told why there are none, without holding up the list. */
  async #offerStart(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { l10n } = this.#session;
    const begin = l10n.t('Start');
    const chosen = await window.showInformationMessage(
      l10n.t('Lingma’s models are here once Lingma Proxy runs.'),
      begin,
    );
    this.#isAsking = false;
    if (chosen === begin) await start(this.#session);
  }
}
