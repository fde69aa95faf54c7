import type { ModelRule } from '../../config/setting-types.ts';
import { wordsOf } from '../../core/failure.ts';
import type { Localizer } from '../../core/localizer.ts';
import type { Model } from '../../core/models.ts';
import type { PanelCalls, ToWebview } from '../../shared/panel-messages.ts';
import type { RequestSummary } from '../../shared/requests.ts';
import { throttled } from '../throttled.ts';
import { isPanelCall, panelCallInputs, panelMessage } from './panel-message.ts';
import { RequestChanges } from './request-changes.ts';

/** Milliseconds between two looks at whether the proxy or its models are others. */
const settleMs = 100;

/** The proxy as far as the panel needs it. */
export interface InspectedProxy {
  inspect(name: string, input: unknown): Promise<unknown>;
  state(): { readonly backend: string };
  models(): readonly Model[] | undefined;
  readonly settings: { readonly model: string; readonly modelRules: readonly ModelRule[] };
  readonly requests: {
    subscribe(listener: (request: { toSummary(): RequestSummary }) => void): () => void;
  };
}

/** Where the panel finds the proxy that there is at the moment. */
export interface InspectedHost {
  readonly running:
    | { readonly url: string; readonly proxy: InspectedProxy; readonly relation?: 'own' | 'attached' }
    | undefined;
  onChange(listener: () => void): () => void;
}

export type PanelCallHandlers = {
  readonly [Name in keyof PanelCalls]: (
    input: PanelCalls[Name]['input'],
  ) => Promise<PanelCalls[Name]['output']>;
};

export interface PanelSessionOptions {
  readonly host: InspectedHost;
  readonly handlers: PanelCallHandlers;
  readonly post: (message: ToWebview) => void;
  readonly l10n: Localizer;
}

/** The extension's side of one page: answers its calls, and tells it what happens while it listens. */
export class PanelSession {
  readonly #options: PanelSessionOptions;
  readonly #changes: RequestChanges;
  readonly #look = throttled(() => this.#lookAtProxy(), settleMs);
  readonly #unsubscribe: () => void;
  #listens = false;
  #toldProxy = '';
  /** What the table of models was made from. */
  #toldModels: readonly unknown[] = [];
  #followed: InspectedProxy | undefined;
  #unfollow = () => {};
  /** To be told as soon as the page listens. */
  #toReveal: Extract<ToWebview, { readonly type: 'reveal' }> | undefined;

  constructor(options: PanelSessionOptions) {
    this.#options = options;
    this.#changes = new RequestChanges((changed) => this.#post({ type: 'requests', changed }));
    this.#unsubscribe = options.host.onChange(this.#look);
  }

  /** Takes what the page says; strange messages are passed over. */
  receive(data: unknown): void {
    const { data: message } = panelMessage.safeParse(data);
    switch (message?.type) {
      case undefined:
        break;
      case 'ready':
        this.#begin();
        break;
      case 'call':
        void this.#answer(message.number, message.name, message.input);
        break;
      default:
        message satisfies never;
    }
  }

  /** Shows a request or a tab, at once or when the page is there. */
  reveal(what: Omit<Extract<ToWebview, { readonly type: 'reveal' }>, 'type'>): void {
    this.#toReveal = { type: 'reveal', ...what };
    this.#tellWhatToReveal();
  }

  /** The page is gone until it says again that it is ready. */
  hidden(): void {
    this.#listens = false;
    this.#follow(undefined);
  }

  dispose(): void {
    this.hidden();
    this.#unsubscribe();
    this.#look.dispose();
    this.#changes.dispose();
  }

  #begin(): void {
    this.#listens = true;
    this.#toldProxy = '';
    this.#toldModels = modelsOf(this.#options.host.running?.proxy);
    this.#lookAtProxy();
    this.#tellWhatToReveal();
  }

  #tellWhatToReveal(): void {
    if (!this.#listens || !this.#toReveal) return;
    this.#post(this.#toReveal);
    this.#toReveal = undefined;
  }

  #lookAtProxy(): void {
    if (!this.#listens) return;
    const { running } = this.#options.host;
    this.#follow(running?.proxy);
    const notice: ToWebview = {
      type: 'proxy',
      running: running !== undefined,
      ...(running && { url: running.url, backend: running.proxy.state().backend }),
      attached: running?.relation === 'attached',
    };
    const told = JSON.stringify(notice);
    if (told !== this.#toldProxy) {
      this.#toldProxy = told;
      this.#post(notice);
    }
    const models = modelsOf(running?.proxy);
    if (models.every((part, index) => part === this.#toldModels[index])) return;
    this.#toldModels = models;
    this.#post({ type: 'models-changed' });
  }

  #follow(proxy: InspectedProxy | undefined): void {
    if (proxy === this.#followed) return;
    this.#unfollow();
    this.#changes.forget();
    this.#followed = proxy;
    // Another proxy is told of even where it stands at the same address.
    this.#toldProxy = '';
    this.#unfollow = proxy?.requests.subscribe((request) => this.#changes.add(request)) ?? (() => {});
  }

  async #answer(number: number, name: string, input: unknown): Promise<void> {
    const { l10n } = this.#options;
    try {
      const output = await this.#call(name, input);
      this.#options.post({ type: 'answer', number, output });
    } catch (error) {
      this.#options.post({ type: 'problem', number, message: wordsOf(error, l10n) });
    }
  }

  #call(name: string, input: unknown): Promise<unknown> {
    if (isPanelCall(name)) return this.#panelCall(name, input);
    const { host, l10n } = this.#options;
    const { running } = host;
    if (!running) throw new Error(l10n.t('The proxy does not run.'));
    return running.proxy.inspect(name, input);
  }

  #panelCall<Name extends keyof PanelCalls>(name: Name, input: unknown): Promise<PanelCalls[Name]['output']> {
    return this.#options.handlers[name](panelCallInputs[name].parse(input));
  }

  #post(message: ToWebview): void {
    if (this.#listens) this.#options.post(message);
  }
}

/** The list itself, the default model and the rules that lead to models. */
function modelsOf(proxy: InspectedProxy | undefined): readonly unknown[] {
  return [proxy?.models(), proxy?.settings.model, JSON.stringify(proxy?.settings.modelRules)];
}
